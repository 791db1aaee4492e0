# Moves the sockets of what runs into a folder of the running user's, leaves links in their place, and gives `run` to the
# user that deploys. A socket is reached by every name it has: the new one is there before a link takes the old one's
# place, by one rename. What runs removes its socket when it ends, by the old name, and a server may break off if it can
# not: systemd shows it the new folder there. Parameters: folder of the application, running user,
# deploying user, then running units, one a line.
IFS= read -r site
IFS= read -r user
IFS= read -r deployer
units=
while IFS= read -r unit; do
  if systemctl -q is-active "$unit"; then units="$units $unit"; fi
done
open=$(rooted "$site") || fail "$open can be changed by others than root"
program=$(cat <<'PY'
import os, pwd, re, stat, sys

site, before, after, step = sys.argv[1], pwd.getpwnam(sys.argv[2]), pwd.getpwnam(sys.argv[3]), sys.argv[4]
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
run, sockets = os.open(site + "/run", FOLDER), os.open(site + "/sockets", FOLDER)


def entries():
    for name in os.listdir(run):
        try:
            yield name, os.stat(name, dir_fd=run, follow_symlinks=False)
        except FileNotFoundError:
            pass


def own_socket(found):
    return stat.S_ISSOCK(found.st_mode) and found.st_uid == before.pw_uid


def same(name, found):
    try:
        there = os.stat(name, dir_fd=sockets, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return (there.st_dev, there.st_ino) == (found.st_dev, found.st_ino)


def show():
    for name, found in entries():
        if not own_socket(found):
            continue
        there = same(name, found)
        if there is False:
            os.unlink(name, dir_fd=sockets)
        if not there:
            os.link(name, name, src_dir_fd=run, dst_dir_fd=sockets, follow_symlinks=False)


def give():
    # From here on nobody else changes anything in it.
    os.fchown(run, after.pw_uid, after.pw_gid)
    os.fchmod(run, 0o751)
    for name, found in entries():
        at = "/proc/self/fd/%d/%s" % (run, name)
        if stat.S_ISSOCK(found.st_mode):
            if re.fullmatch(r"(blue|green|probe)\.sock", name) and same(name, found):
                os.symlink("../sockets/" + name, ".moving", dir_fd=run)
                os.lchown("/proc/self/fd/%d/.moving" % run, after.pw_uid, after.pw_gid)
                os.rename(".moving", name, src_dir_fd=run, dst_dir_fd=run)
            else:
                os.unlink(name, dir_fd=run)
        elif found.st_uid != before.pw_uid:
            continue
        elif stat.S_ISLNK(found.st_mode):
            os.lchown(at, after.pw_uid, after.pw_gid)
        elif stat.S_ISREG(found.st_mode):
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=run)
            os.fchmod(handle, 0o644)
            os.fchown(handle, after.pw_uid, after.pw_gid)
            os.close(handle)


try:
    try:
        os.unlink(".moving", dir_fd=run)
    except FileNotFoundError:
        pass
    show() if step == "show" else give()
except OSError as error:
    why = "a mount of its own" if error.errno == 18 else error.strerror
    sys.exit("the sockets in %s/run can not be moved to %s/sockets: %s" % (site, site, why))
PY
)
python3 -I -c "$program" "$site" "$user" "$deployer" show
for unit in $units; do
  said=$(systemctl bind "$unit" "$site/sockets" "$site/run" 2>&1) || fail "$unit can not be shown $site/sockets while it runs: $said"
done
python3 -I -c "$program" "$site" "$user" "$deployer" give
