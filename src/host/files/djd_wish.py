"""What a release's check may ask to be kept for later releases, where another user runs it: data, and nothing else.

The running user writes the wish and may write what is kept. So what is granted is a database or a folder of files, by a path
that leads through no link and that Python would import nothing from.
"""
import glob
import importlib.util
import os
import re
import sys

import djd_static
import djd_upload
from djd_paths import Refused, read_json

CODE = re.compile(r"\.(py|pyc|pyo|pyd|so|pth|zip|egg|whl)$")
# What is kept is filled by the one that asks, also for later releases: only names by which data goes, which no library
# looks for and no page is made from.
DATABASE = re.compile(r"\.(sqlite3?|db3?|s3db|sdb)$|^(db|database|data)$", re.I)
FOLDER = re.compile(
    r"(?:^|[-_.])(?:media|uploads?|uploaded|files?|data|dbs?|databases?|sqlite|storages?|private|protected|public|images?|img"
    r"|photos?|pictures?|videos?|audio|documents?|docs|attachments?|content|tmp|temp|caches?|logs?|var|instance|volumes?"
    r"|backups?|exports?|imports?|reports?|persistent|shared|userfiles)(?:$|[-_.])",
    re.I,
)


def checked(paths, release, wish):
    """[{"path", "directory"}] of a wish that may be granted; raises Refused with what to write where it may not."""
    if not isinstance(wish, list) or len(wish) > 100:
        raise Refused("inspect.wish", "the release's check asked for something else than paths to keep")
    rows = []
    for row in wish:
        path = row.get("path") if isinstance(row, dict) else None
        if not isinstance(path, str) or not djd_static.is_inside(path) or path.split("/")[0] == ".djdeploy":
            raise Refused("inspect.wish", "the release's check asked to keep a path that is not in the release: %.200r" % path)
        rows.append({"path": path, "directory": row.get("directory") is True})
    for row in rows:
        why = _not_data(paths, release, row, [one["path"] for one in rows])
        if why:
            hint = "if that is meant, name it in djdeploy.yml: shared: [%s]" % row["path"]
            raise Refused("inspect.wish", "the release's check asked to keep %s, %s; %s" % (row["path"], why, hint))
    return rows


def _not_data(paths, release, row, all_paths):
    path, folder = row["path"], paths.release(release)
    if any(other != path and (path.startswith(other + "/") or other.startswith(path + "/")) for other in all_paths):
        return "which lies in another kept path"
    parts = path.split("/")
    for count in range(1, len(parts)):
        if os.path.islink(os.path.join(folder, *parts[:count])):
            return "which leads through a link"
    if CODE.search(path):
        return "which Python would import"
    if not _named_as_data(folder, row):
        return "which is not named like data"
    if row["directory"]:
        below = path + "/"
        code = next((one[0] for one in djd_upload.listing(paths, release) if one[0].startswith(below) and CODE.search(one[0])), None)
        if code:
            return "which holds code (%s)" % code
        return "a name that Python imports from elsewhere" if _is_module(paths, release, path) else None
    full = os.path.join(folder, path)
    if _is_file(full) and os.path.getsize(full) and not _is_database(full):
        return "which is no database"
    return None


def _named_as_data(folder, row):
    """Whether the last part of a path, and each that is not there yet, has a name of data's. A database may have any."""
    parts = row["path"].split("/")
    for count in range(1, len(parts) + 1):
        last, place = count == len(parts), os.path.join(folder, *parts[:count])
        if not last and os.path.lexists(place):
            continue
        if last and not row["directory"] and _is_database(place):
            continue
        known = FOLDER if row["directory"] or not last else DATABASE
        if not known.search(parts[count - 1]) or parts[count - 1].startswith("."):
            return False
    return True


def _is_file(file):
    """Not where a link leads: what is kept already may be a pipe by now."""
    return os.path.isfile(file) and not os.path.islink(file)


def _is_database(file):
    if not _is_file(file):
        return False
    with open(file, "rb") as there:
        return there.read(16) == b"SQLite format 3\0"


def _is_module(paths, release, path):
    """Whether a folder of that name, found first, would be taken for a package of Python's or of the environment's."""
    spec = read_json(os.path.join(paths.release(release), ".djdeploy", "launch.json"), {})
    root = os.path.normpath(spec.get("root", "."))
    name = path if root == "." else os.path.relpath(path, root)
    if "/" in name or not name.isidentifier():
        return False
    if name in sys.builtin_module_names or importlib.util.find_spec(name) is not None:
        return True
    places = glob.glob(os.path.join(glob.escape(os.path.join(paths.venvs, spec.get("venv", "-"))), "lib*", "python*", "site-packages", name + "*"))
    return any(os.path.basename(place).split(".")[0] == name for place in places)
