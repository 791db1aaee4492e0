# Brings our own files in every release that is there up to date, as the user that deploys: a release of an older layout
# would start with its socket in another place. A release may still hold what its former owner, the running user, left
# there: no link is followed, and only a regular file is read. Parameters: folder of the application, the user that
# deploys; then {path: text} as JSON. A release without a launcher is left alone.
IFS= read -r site
IFS= read -r deployer
as "$deployer" python3 -I -c '
import json, os, stat, sys

site, files = sys.argv[1], json.load(sys.stdin)
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def folder(name, at=None):
    try:
        return os.open(name, FOLDER, dir_fd=at)
    except OSError:
        return None


def text(name, at):
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as there:
        return there.read(1 << 20) if stat.S_ISREG(os.fstat(handle).st_mode) else None


def put(name, data, mode, at):
    try:
        os.unlink(name + ".new", dir_fd=at)
    except FileNotFoundError:
        pass
    with os.fdopen(os.open(name + ".new", NEW, 0o600, dir_fd=at), "wb") as new:
        new.write(data)
        os.fchmod(new.fileno(), mode)
        new.flush()
        os.fsync(new.fileno())
    os.rename(name + ".new", name, src_dir_fd=at, dst_dir_fd=at)


def renew(own):
    for path, wanted in files.items():
        *above, name = path.split("/")
        at = own
        for part in above:
            if not os.access(part, os.F_OK, dir_fd=at, follow_symlinks=False):
                os.mkdir(part, 0o750, dir_fd=at)
            at = os.open(part, FOLDER, dir_fd=at)
        if text(name, at) != wanted.encode():
            put(name, wanted.encode(), 0o755 if path == "launch" else 0o644, at)
        if at != own:
            os.close(at)


releases = folder(site + "/releases")
for name in os.listdir(releases):
    release = folder(name, releases)
    own = None if release is None else folder(".djdeploy", release)
    try:
        if own is not None and text("launch.json", own) is not None:
            renew(own)
    except OSError as error:
        sys.exit("%s/releases/%s/.djdeploy: our own files can not be written: %s: %s" % (site, name, error.filename, error.strerror))
    for handle in (own, release):
        if handle is not None:
            os.close(handle)
' "$site"
