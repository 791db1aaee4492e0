# Gives what is deployed to the user that deploys: on a host where everything was the running user's. It is walked from
# the top down through descriptors, no link is followed, and a folder is given away before it is looked into, so that its
# former owner can exchange nothing in it. Only what still is that one's is given; what the group could not read it may
# read then, and nobody but the owner write. Parameters: folder of the application, running user, deploying user.
# Prints how many files it gave.
IFS= read -r site
IFS= read -r user
IFS= read -r deployer
open=$(rooted "$site") || fail "$open can be changed by others than root"
python3 -I - "$site" "$user" "$deployer" <<'PY'
import os, pwd, stat, sys

site, before, after = sys.argv[1], pwd.getpwnam(sys.argv[2]), pwd.getpwnam(sys.argv[3])
AT = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
SHARED = ("releases", "venvs", "slots", "bin", "env", "public/static")
given = 0


def mode_of(found, path, readable):
    mode = stat.S_IMODE(found.st_mode) & ~0o022
    folder = stat.S_ISDIR(found.st_mode)
    if not folder:
        mode &= ~0o6000
    if readable:
        mode |= 0o040
        if mode & 0o100:
            mode |= 0o010
    if path.endswith(("/.djdeploy/token",)) or path.startswith("env/"):
        mode &= 0o2750 if folder else 0o640
    return mode


def give(handle, path, readable):
    global given
    found = os.fstat(handle)
    own = "/proc/self/fd/%d" % handle
    if found.st_uid != before.pw_uid:
        return found
    if stat.S_ISLNK(found.st_mode):
        os.chown(own, after.pw_uid, -1)
    elif stat.S_ISDIR(found.st_mode) or stat.S_ISREG(found.st_mode):
        mode = mode_of(found, path, readable)
        if mode != stat.S_IMODE(found.st_mode):
            os.chmod(own, mode)
        os.chown(own, after.pw_uid, -1)
    else:
        return found
    given += 1
    if given % 50000 == 0:
        print("%d files" % given, flush=True)
    return found


def walk(parent, name, path, readable):
    try:
        down(parent, name, path, readable)
    except OSError as error:
        if str(error.filename).startswith(site + "/"):
            raise
        raise OSError(error.errno, error.strerror, site + "/" + path)


def down(parent, name, path, readable):
    try:
        handle = os.open(name, AT, dir_fd=parent)
    except FileNotFoundError:
        return
    try:
        # The stored secrets are for the one that deploys; a release has its own copy.
        found = give(handle, path, readable and path != "env/store.json")
        if not stat.S_ISDIR(found.st_mode):
            return
        folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=handle)
        try:
            if os.fstat(folder).st_uid != after.pw_uid:
                return
            for entry in os.listdir(folder):
                walk(folder, entry, path + "/" + entry, readable)
        finally:
            os.close(folder)
    finally:
        os.close(handle)


root = os.open(site, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
sys.setrecursionlimit(20000)
try:
    for path in SHARED + (".djdeploy",):
        at = root
        *parents, name = path.split("/")
        for part in parents:
            at = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
        walk(at, name, path, path != ".djdeploy")
except OSError as error:
    sys.exit("what is deployed can not be given to %s: %s: %s" % (after.pw_name, error.filename, error.strerror))
print("%d files given to %s" % (given, after.pw_name))
PY
