# Moves the media folder to where nginx may enter without seeing what lies beside it, by one rename, and leaves a link in
# its old place, by which every release finds it. What runs goes on writing: systemd lets it into the new place first.
# Parameters: folder of the application, its user, its group for nginx, then running units, one a line.
IFS= read -r site
IFS= read -r user
IFS= read -r group
open=$(rooted "$site/public") || fail "$open can be changed by others than root"
while IFS= read -r unit; do
  systemctl -q is-active "$unit" || continue
  said=$(systemctl bind "$unit" "$site/public" 2>&1) || fail "$unit can not be let into $site/public while it runs: $said"
done
python3 -I - "$site" "$user" "$group" <<'PY'
import ctypes, grp, os, pwd, stat, sys

site, user, group = sys.argv[1], pwd.getpwnam(sys.argv[2]), grp.getgrnam(sys.argv[3])
folder = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
NAME, SPARE, LINK = "media", ".media", "../public/media"


def kind(at):
    try:
        return os.stat(NAME, dir_fd=at, follow_symlinks=False)
    except FileNotFoundError:
        return None


def swap(first, name, second, other):
    call = ctypes.CDLL(None, use_errno=True).renameat2
    if call(first, os.fsencode(name), second, os.fsencode(other), 2) != 0:  # RENAME_EXCHANGE
        error = ctypes.get_errno()
        why = "a mount of its own" if error in (16, 18) else os.strerror(error)
        sys.exit("%s/shared/media can not be moved to %s/public/media: %s; nothing was changed" % (site, site, why))


os.setegid(user.pw_gid)
public = os.open(os.path.join(site, "public"), folder)
shared = os.open(os.path.join(site, "shared"), folder)
there = kind(shared)
if there is None:
    # As the user: it is its folder.
    os.seteuid(user.pw_uid)
    os.symlink(LINK, NAME, dir_fd=shared)
elif stat.S_ISDIR(there.st_mode):
    if there.st_uid != user.pw_uid:
        sys.exit("%s/shared/media does not belong to %s" % (site, user.pw_name))
    try:
        os.unlink(SPARE, dir_fd=public)
    except FileNotFoundError:
        pass
    # Made by setup and empty; one with files in it is refused by rmdir.
    if kind(public) is not None:
        try:
            os.rmdir(NAME, dir_fd=public)
        except OSError as error:
            sys.exit("%s/public/media holds files, and so does %s/shared/media (%s): bring them together in the first, as %s" % (site, site, error.strerror, user.pw_name))
    os.symlink(LINK, NAME, dir_fd=public)
    os.lchown(os.path.join(site, "public", NAME), user.pw_uid, user.pw_gid)
    swap(shared, NAME, public, NAME)
    moved = kind(public)
    if not stat.S_ISDIR(moved.st_mode) or moved.st_uid != user.pw_uid:
        swap(shared, NAME, public, NAME)
        sys.exit("%s/shared/media was exchanged meanwhile: nothing was changed" % site)
    handle = os.open(NAME, folder, dir_fd=public)
    os.fchown(handle, user.pw_uid, group.gr_gid)
    os.fchmod(handle, 0o2750)
PY
