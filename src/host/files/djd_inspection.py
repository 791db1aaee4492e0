"""Asking a release's own Django where another user runs it: what it may not write itself is done for it.

The step runs as the application's user and can change nothing of the release. It leaves its answer and what it collected in
work/RELEASE, a folder of that user's; what has to be kept of the release's data it asks for there, and goes on when that
is said to be done. Where one user does both it writes everything where it belongs.
"""
import os
import subprocess

import djd_as_user
import djd_links
import djd_manners
import djd_wish
import djd_work
from djd_paths import read_json, write_json


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
            djd_as_user.ask(paths, djd_work.drop, self.release)  # of an earlier run with the same release
            _compile(paths, self.release)

    def look(self):
        """Does what the step asked for, once."""
        if os.path.exists(self.told) or not os.path.lexists(self.wish):
            return
        write_json(self.told + ".begun", True, self.paths.handed(0o600))
        notes = []
        for row in djd_wish.checked(self.paths, self.release, djd_as_user.ask(self.paths, djd_work.handed, self.release, "keep.json")):
            note = keep(self.paths, self.release, row["path"], None, row["directory"])
            notes.extend([note] if note else [])
        write_json(self.told, notes, self.paths.handed(0o600))

    def answer(self):
        if not self.paths.runner:
            return read_json(self.file)
        return djd_as_user.ask(self.paths, djd_work.handed, self.release, "inspect.json") if os.path.lexists(self.file) else None


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
