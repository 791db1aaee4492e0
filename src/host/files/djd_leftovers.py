"""Ends what a step of the project leaves running: a daemon of its own would outlive the release that started it.

Whoever waits for a step adopts its orphans (PR_SET_CHILD_SUBREAPER), in whatever session or group they are, and ends
them when the step has ended. Standard library only and no module of ours: the other user's side of a step runs this text.
"""
import ctypes
import os
import signal
import time

# Seconds: what ends by itself just after its parent (multiprocessing's tracker) is no leftover; what was told to end is
# killed afterwards.
BY_ITSELF, TOLD = 0.5, 3.0


def adopt():
    """What a child of this process leaves becomes a child of this process."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def descendants():
    """Pids of what lives below this process."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name) as file:
                    state, parent = file.read().rsplit(")", 1)[1].split()[:2]
            except (OSError, IndexError):
                continue
            if state not in "ZX":
                parents.setdefault(int(parent), []).append(int(name))
    found, open_ = [], [os.getpid()]
    while open_:
        below = parents.get(open_.pop(), [])
        found += below
        open_ += below
    return found


def kill():
    """Kills all of them at once."""
    for pid in descendants():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


def end():
    """Ends all of them, and what they start meanwhile; returns the names of those that had to be told."""
    began, told = time.monotonic(), {}
    while True:
        left = descendants()
        late = time.monotonic() - began
        if not left or late > BY_ITSELF + 2 * TOLD:
            _reap()
            return sorted(told.values())
        for pid in left:
            if late > BY_ITSELF and (pid not in told or late > BY_ITSELF + TOLD):
                told.setdefault(pid, _command(pid))
                try:
                    os.kill(pid, signal.SIGKILL if late > BY_ITSELF + TOLD else signal.SIGTERM)
                except OSError:
                    pass
        _reap()
        time.sleep(0.02)


def _reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _command(pid):
    try:
        with open("/proc/%d/comm" % pid) as file:
            return file.read().strip()
    except OSError:
        return "?"


def said(names):
    """One line for the step's log."""
    return "djdeploy: ended what this step left running: %s\n" % ", ".join(names)
