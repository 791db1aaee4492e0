"""What collectstatic made as another user becomes files of the release: copied, without following what that user may exchange."""
import os
import stat

import djd_as_user
import djd_work
from djd_paths import Refused

COLLECTED = os.path.join(".djdeploy", "staticfiles")
# Of what another user's code collected: files, bytes, folders in each other.
FILES, BYTES, DEPTH = 500_000, 16 << 30, 60


def place(paths, path):
    """Where a release keeps what was collected: where the project says, unless another user's code says so."""
    return COLLECTED if paths.runner else path


def fetch(paths, release):
    """What collectstatic left in work/RELEASE/static becomes files of the release's own, in a folder of ours."""
    if not paths.runner:
        return
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        handle = os.open(os.path.join(paths.work, release), flags)
    except FileNotFoundError:
        return  # asked for again
    try:
        source = os.open("static", flags, dir_fd=handle)
    except FileNotFoundError:
        source = None  # nothing to collect
    finally:
        os.close(handle)
    target = os.path.join(paths.release(release), COLLECTED)
    os.makedirs(target, exist_ok=True)
    if source is not None:
        try:
            _copy(source, target, {"files": 0, "bytes": 0}, 0)
        finally:
            os.close(source)
    djd_as_user.ask(paths, djd_work.drop, release)


def _within(taken, depth):
    for what, most in (("files", FILES), ("bytes", BYTES)):
        if taken[what] > most:
            raise Refused("collectstatic.too-much", "collectstatic left more than %d %s" % (most, what))
    if depth > DEPTH:
        raise Refused("collectstatic.too-much", "collectstatic left more than %d folders in each other" % DEPTH)


def _copy(source, target, taken, depth):
    """Copies a tree that another user may change meanwhile: nothing is opened by more than its name, no link is followed."""
    for entry in os.scandir(source):
        taken["files"] += 1
        _within(taken, depth)
        to = os.path.join(target, entry.name)
        if entry.is_dir(follow_symlinks=False):
            folder = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=source)
            try:
                if not os.path.isdir(to):
                    os.mkdir(to)
                _copy(folder, to, taken, depth + 1)
            finally:
                os.close(folder)
            continue
        try:
            handle = os.open(entry.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=source)
        except OSError:
            continue  # a link: collectstatic --link is not what we ask for
        try:
            if stat.S_ISREG(os.fstat(handle).st_mode):
                _copy_file(handle, to, taken, depth)
        finally:
            os.close(handle)


def _copy_file(source, to, taken, depth):
    """From descriptor to descriptor: there are hundreds of small ones, and the objects around them would take longest."""
    new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        target = os.open(to, new, 0o666)
    except FileExistsError:
        os.unlink(to)
        target = os.open(to, new, 0o666)
    try:
        while True:
            piece = os.read(source, 1 << 16)
            if not piece:
                break
            taken["bytes"] += len(piece)
            _within(taken, depth)
            while piece:
                piece = piece[os.write(target, piece):]
    finally:
        os.close(target)
