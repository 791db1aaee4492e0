"""Who is connected to a slot, as the kernel knows it: those who wait to be accepted, and those who are answered."""
import os
import re
import subprocess

import djd_as_user
from djd_paths import read_json


def _lines(*words):
    """What `ss` shows, line by line; None where it cannot be asked."""
    try:
        done = subprocess.run(["ss", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").splitlines() if done.returncode == 0 else None


def _names(paths, slot):
    """The kernel knows a socket by the name that it was bound to: setup moved those of servers that ran then."""
    return ["src", paths.socket(slot), "or", "src", paths.door(slot)]


def _own(paths, slot, lines):
    """The lines of the socket that lies there: whoever has namespaces of its own may bind another one to the same name. All
    of them where the kernel does not say which file a socket is, or none is there any more."""
    marks = set()
    for place in (paths.socket(slot), paths.door(slot)):
        try:
            seen = os.stat(place)
        except OSError:
            continue
        device = os.major(seen.st_dev) << 20 | os.minor(seen.st_dev)  # the kernel's own form, which ss reads as if it were ours
        marks.add("ino:%d dev:%d/%d" % (seen.st_ino, os.major(device), os.minor(device)))
    own = [line for line in lines if " ".join(line.partition("<->")[2].split()[:2]) in marks]
    return own or lines


def waiting(paths, slot):
    """How many wait in the accept queue of a slot's unix socket; None when it cannot be told."""
    lines = _lines("-xlHe", *_names(paths, slot))
    return None if lines is None else sum(int(line.split()[2]) for line in _own(paths, slot, lines))


def held(paths, slot, members):
    """How many connections a slot holds whose other end is still there; None when it cannot be told.

    members: its processes. On a port the kernel knows no slots: those count that one of its processes has open.
    """
    release = os.path.realpath(paths.slot(slot))
    listen = read_json(os.path.join(release, ".djdeploy", "launch.json"), {}).get("listen", {})
    if listen.get("port"):
        return djd_as_user.ask(paths, on_port, listen["port"], sorted(members))
    lines = _lines("-xaHe", *_names(paths, slot))
    # Behind the star stands the other end; 0: it has gone.
    there = [line for line in _own(paths, slot, lines or []) if " ESTAB " in line and not re.search(r"\* 0\s*(?:<->|$)", line)]
    return None if lines is None else len(there)


def on_port(_paths, port, members):
    """How many connections to a port the given processes have open: the kernel tells whose they are to their own user only."""
    lines = _lines("-tnpH", "sport", "=", ":%d" % port)
    there = [line for line in lines or [] if line.startswith("ESTAB") and _owners(line) & set(members)]
    return None if lines is None else len(there)


def _owners(line):
    return {int(pid) for pid in re.findall(r"pid=(\d+)", line)}
