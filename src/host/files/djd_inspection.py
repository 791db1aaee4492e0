"""Asking a release's own Django where another user runs it: what it may not write itself is done for it, and what it
wrote is fetched.

The step runs as the application's user and can change nothing of the release. It leaves its answer and what it collected in
work/RELEASE, a folder of that user's; what has to be kept of the release's data it asks for there, and goes on when that
is said to be done. Where one user does both it writes everything where it belongs.
"""
import glob
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys

import djd_as_user
import djd_links
import djd_manners
import djd_static
import djd_upload
from djd_paths import Refused, read_json, write_json

COLLECTED = os.path.join(".djdeploy", "staticfiles")
# Characters of an answer: settings, checks and migrations of a very large project.
LONGEST = 8 << 20
CODE = re.compile(r"\.(py|pyc|pyo|pyd|so|pth|zip|egg|whl)$")


class Inspection:
    """One question: `env` for the step, `file` that is there once it answered, and what to look after meanwhile."""

    def __init__(self, paths, args):
        self.paths, self.release, self.run = paths, args["release"], args["run"]
        if not paths.runner:
            self.file = os.path.join(paths.runs(self.run), "inspect.json")
            self.env = {"DJD_ANSWER": self.file, "DJD_WORK": "", "DJD_TOLD": ""}
            self.look = None
            return
        work = os.path.join(paths.work, self.release)
        self.file, self.wish = os.path.join(work, "inspect.json"), os.path.join(work, "keep.json")
        self.told = os.path.join(paths.runs(self.run), args["step"] + ".told")
        self.env = {"DJD_ANSWER": self.file, "DJD_WORK": work, "DJD_TOLD": self.told}
        if not os.path.exists(os.path.join(paths.runs(self.run), args["step"] + ".pid")):
            djd_as_user.ask(paths, drop, self.release)  # of an earlier run with the same release
            _compile(paths, self.release)

    def look(self):
        """Does what the step asked for, once."""
        if os.path.exists(self.told) or not os.path.lexists(self.wish):
            return
        notes = []
        for row in _rows(self.paths, self.release, djd_as_user.ask(self.paths, handed, self.release, "keep.json")):
            note = keep(self.paths, self.release, row["path"], None, row["directory"])
            notes.extend([note] if note else [])
        write_json(self.told, notes, self.paths.handed(0o600))

    def answer(self):
        if not self.paths.runner:
            return read_json(self.file)
        return djd_as_user.ask(self.paths, handed, self.release, "inspect.json") if os.path.lexists(self.file) else None


def keep(paths, release, path, target, directory):
    """djd_links.keep by two: the place is the running user's, the link in the release ours."""
    folder = paths.release(release)
    if not paths.runner:
        return djd_links.keep(paths.root, folder, path, target, directory)
    note = djd_as_user.ask(paths, make_place, release, path, target, directory, limit=3600.0)
    djd_links.lead(paths.root, folder, path, target)
    return note


def make_place(paths, release, path, target, directory):
    return djd_links.make_place(paths.root, paths.release(release), path, target, directory)


def _rows(paths, release, wish):
    """What a step asked to be kept, where it is such a wish: data of the release, no code and nothing of ours.

    The running user can write what is kept. So it is a database or a folder of files, not what Python would import, nor
    what leads to such a thing.
    """
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
    if row["directory"]:
        below = path + "/"
        code = next((one[0] for one in djd_upload.listing(paths, release) if one[0].startswith(below) and CODE.search(one[0])), None)
        if code:
            return "which holds code (%s)" % code
        return "a name that Python imports from elsewhere" if _is_module(paths, release, path) else None
    full = os.path.join(folder, path)
    if os.path.isfile(full) and not os.path.islink(full):
        with open(full, "rb") as file:
            start = file.read(16)
        if start and start != b"SQLite format 3\0":
            return "which is no database"
    return None


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


def handed(paths, release, name):
    """As the user whose it is: the JSON in a file of work/RELEASE; None where it is none."""
    file = os.path.join(paths.work, release, name)
    if not os.path.isfile(file) or os.path.getsize(file) > LONGEST:
        return None
    return read_json(file)


def drop(paths, release):
    """As the user whose it is: removes what a step left."""
    shutil.rmtree(os.path.join(paths.work, os.path.basename(release)), ignore_errors=True)


def drop_others(paths, names):
    for name in os.listdir(paths.work) if os.path.isdir(paths.work) else []:
        if name not in names:
            drop(paths, name)


def _compile(paths, release):
    """Byte code, which the running user can not leave beside the code; without it each worker would compile anew.

    Nobody waits for it: what is not there yet when the release starts is compiled twice.
    """
    spec = read_json(os.path.join(paths.release(release), ".djdeploy", "launch.json"), {})
    python = os.path.join(paths.venvs, spec.get("venv", "-"), "bin", "python")
    # Nobody waits for it, so it has a limit of its own.
    argv = ["timeout", "300", python, "-I", "-S", "-m", "compileall", "-q", "-x", r"/(\.djdeploy|node_modules|\.git)/", paths.release(release)]
    nowhere = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.Popen(djd_manners.modest(argv), preexec_fn=djd_manners.give_way, start_new_session=True, **nowhere)
    except OSError:
        pass  # it starts slower, nothing else


def static_place(paths, path):
    """Where a release keeps what was collected: where the project says, unless another user's code says so."""
    return COLLECTED if paths.runner else path


def fetch_static(paths, release):
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
            _fetch(source, target)
        finally:
            os.close(source)
    djd_as_user.ask(paths, drop, release)


def _fetch(source, target):
    """Copies a tree that another user may change meanwhile: nothing is opened by more than its name, no link is followed."""
    for entry in os.scandir(source):
        to = os.path.join(target, entry.name)
        if entry.is_dir(follow_symlinks=False):
            folder = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=source)
            try:
                if not os.path.isdir(to):
                    os.mkdir(to)
                _fetch(folder, to)
            finally:
                os.close(folder)
            continue
        try:
            handle = os.open(entry.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=source)
        except OSError:
            continue  # a link: collectstatic --link is not what we ask for
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                continue
            if os.path.lexists(to):
                os.unlink(to)
            with open(to, "xb") as copy:
                shutil.copyfileobj(file, copy, 1 << 20)
