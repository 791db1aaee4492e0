"""SQLite: a copy through the online backup API (a plain copy of a live WAL database can lose tables)."""
import os
import re
import sqlite3
import time

import djd_as_user
from djd_paths import Refused

# Seconds: a database of hundreds of gigabytes.
LONGEST = 24 * 3600.0


def backup(paths, files, label, keep):
    """The same as copies(), by the user whose files they are."""
    return djd_as_user.ask(paths, copies, files, label, keep, limit=LONGEST)


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
        if not os.path.exists(file) or os.path.getsize(file) == 0:
            continue
        stem = os.path.basename(file).rsplit(".", 1)[0]
        target = os.path.join(folder, "%s-%s.sqlite3" % (stem, label))
        begun = time.monotonic()
        source = sqlite3.connect("file:%s?mode=ro" % file.replace("?", "%3f"), uri=True, timeout=30)
        try:
            copy = sqlite3.connect(target)
            os.chmod(target, 0o600)
            try:
                source.backup(copy)
                answer = copy.execute("pragma quick_check").fetchone()[0]
            finally:
                copy.close()
        except sqlite3.Error as error:
            if os.path.exists(target):
                os.unlink(target)  # half a copy is no backup
            raise Refused("database.backup", "the backup of %s failed: %s" % (file, _why(error, folder))) from error
        finally:
            source.close()
        if answer != "ok":
            raise Refused("database.backup", "the backup of %s is damaged: %s" % (file, answer))
        rows.append({"file": target, "bytes": os.path.getsize(target), "ms": int((time.monotonic() - begun) * 1000)})
        # By the whole name: another database may be called db-users where this one is db.
        its_own = re.compile(re.escape(stem) + r"-\d{8}T\d{6}Z(-[0-9a-f]+)?\.sqlite3")
        older = sorted(name for name in os.listdir(folder) if its_own.fullmatch(name))
        for name in older[:-keep] if keep else older:
            os.unlink(os.path.join(folder, name))
    return rows


def _why(error, folder):
    """SQLite does not always say that there is no room: without inodes it can not open a file."""
    disk = os.statvfs(folder)
    full = disk.f_bavail == 0 or (disk.f_files and disk.f_favail == 0)
    return "%s (No space left on device)" % error if full else error
