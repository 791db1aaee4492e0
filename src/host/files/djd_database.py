"""SQLite: a copy through the online backup API (a plain copy of a live WAL database can lose tables)."""
import os
import re
import sqlite3
import stat
import time

import djd_as_user
from djd_paths import Refused

# Seconds for a copy to begin and end, and how many bytes it has to get through in each: a slow disk does several times that.
LEAST, PACE = 600.0, 1 << 20
# Seconds for which a lock of the application's is waited for. A migration would not get past it either.
LOCKED = 60.0
BUSY = (5, 6)  # SQLITE_BUSY, SQLITE_LOCKED


def backup(paths, files, label, keep):
    """The same as copies(), by the user whose files they are."""
    return djd_as_user.ask(paths, copies, files, label, keep, limit=LEAST + sum(_size(file) for file in files) / PACE)


def _size(file):
    try:
        return os.path.getsize(file)
    except OSError:
        return 0  # what the other user shut away is that one's to open


def copies(paths, files, label, keep):
    """Backs up each file to shared/backups/NAME-LABEL.sqlite3, checks it, and keeps the last `keep`. Returns rows."""
    folder = os.path.join(paths.shared, "backups")
    # The user that deploys counts them, where that is another one.
    try:
        os.makedirs(folder, mode=0o700 if paths.sockets == paths.run else 0o750, exist_ok=True)
    except OSError as error:
        raise Refused("database.backup", "the folder of the backups can not be made: %s: %s" % (folder, error.strerror)) from error
    rows = []
    for file in files:
        _whole(file)
        if not os.path.exists(file) or os.path.getsize(file) == 0:
            continue
        stem = os.path.basename(file).rsplit(".", 1)[0]
        target = os.path.join(folder, "%s-%s.sqlite3" % (stem, label))
        begun = time.monotonic()
        _drop_parts(folder, stem)
        part = target + ".part"  # half a copy is no backup, also where this run is cut off
        source = sqlite3.connect("file:%s?mode=ro" % file.replace("?", "%3f"), uri=True, timeout=LOCKED / 2)
        try:
            _room(source, file, folder)
            copy = sqlite3.connect(part)
            os.chmod(part, 0o600)
            try:
                source.backup(copy, progress=_not_for_ever())
                answer = copy.execute("pragma quick_check").fetchone()[0]
            finally:
                copy.close()
        except sqlite3.Error as error:
            _drop_parts(folder, stem)
            raise Refused("database.backup", "the backup of %s to %s failed: %s" % (file, folder, _why(error, folder))) from error
        finally:
            source.close()
        if answer != "ok":
            raise Refused("database.backup", "the backup of %s is damaged: %s" % (file, answer))
        os.rename(part, target)
        rows.append({"file": target, "bytes": os.path.getsize(target), "ms": int((time.monotonic() - begun) * 1000)})
        # By the whole name: another database may be called db-users where this one is db.
        its_own = re.compile(re.escape(stem) + r"-\d{8}T\d{6}Z(-[0-9a-f]+)?\.sqlite3")
        older = sorted(name for name in _files(folder) if its_own.fullmatch(name) and name != os.path.basename(target))
        for name in older[: max(0, len(older) - keep + 1)]:
            os.unlink(os.path.join(folder, name))
    return rows


def _files(folder):
    """What can be unlinked there. The application may write in it: a folder that is named like a backup is none."""
    with os.scandir(folder) as found:
        return [entry.name for entry in found if not entry.is_dir(follow_symlinks=False)]


def _drop_parts(folder, stem):
    its_own = re.compile(re.escape(stem) + r"-\d{8}T\d{6}Z(-[0-9a-f]+)?\.sqlite3\.part(-journal|-wal|-shm)?")
    for name in _files(folder):
        if its_own.fullmatch(name):
            os.unlink(os.path.join(folder, name))


def _whole(file):
    """SQLite opens what lies beside a database, too, and a pipe in its place would be waited for."""
    for name in (file, file + "-journal", file + "-wal", file + "-shm"):
        try:
            mode = os.stat(name).st_mode
        except OSError:
            continue  # not there, or not for us: SQLite says that itself
        if not stat.S_ISREG(mode):
            raise Refused("database.backup", "%s is no file, so that %s can not be backed up" % (name, file))


def _room(source, file, folder):
    """A copy that can not fit takes the room of every other application first. A file may say that it is of any size."""
    pages, size = (source.execute("pragma " + name).fetchone()[0] for name in ("page_count", "page_size"))
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    if pages * size > free:
        text = "%s has %d MB, and %s has room for %d MB (No space left on device)"
        raise Refused("database.backup", text % (file, pages * size >> 20, folder, free >> 20))


def _not_for_ever():
    """Called after each try: Python tries again for as long as somebody holds a lock."""
    begun = time.monotonic()

    def told(status, _left, _pages):
        if status in BUSY and time.monotonic() - begun > LOCKED:
            raise sqlite3.OperationalError("database is locked, for more than %d s" % LOCKED)

    return told


def _why(error, folder):
    """SQLite does not always say that there is no room: without inodes it can not open a file."""
    disk = os.statvfs(folder)
    full = disk.f_bavail == 0 or (disk.f_files and disk.f_favail == 0)
    return "%s (No space left on device)" % error if full else error
