"""Ends what a step of the project leaves running: a daemon of its own would outlive the release that started it.

Whoever waits for a step adopts its orphans (PR_SET_CHILD_SUBREAPER), in whatever session or group they are, and ends
them when the step has ended. The other user's side of a step runs this text, anew for each: no module of ours, and none that takes long to import, as
subprocess and json do.
"""
import ctypes
import os
import signal
import time

# Seconds: what ends by itself just after its parent (multiprocessing's tracker) is no leftover; what was told to end is
# killed afterwards.
BY_ITSELF, TOLD = 0.5, 3.0
# Seconds for which a tracer may keep what has ended: strace lets go at once, and whoever never does would keep us for ever.
KEPT = 5.0
HELD = "djdeploy: what ran here has ended, and a process of the same user traces it and does not let go of it\n"
_kept = {}


def spawn(argv, env=None):
    """Starts a program without standard input, with the signals that Python ignores at their defaults; its pid."""
    nothing = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    return os.posix_spawnp(argv[0], argv, os.environ if env is None else env, file_actions=nothing, setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])


def watch(pid):
    """What select() waits for until the process ends; nothing where Python or the kernel has no such descriptor."""
    try:
        return [os.pidfd_open(pid)]
    except (AttributeError, OSError):
        return []


def code_of(pid):
    """How a child ended: its code, a signal as a negative number; None while it runs. 125 where that is never told."""
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        if not is_kept(pid, has_ended(pid)):
            return None
        os.write(2, HELD.encode())
        return 125
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def is_kept(pid, ended):
    """Whether it has ended for so long that its tracer keeps it: no parent is told of the end before the tracer is."""
    if not ended:
        _kept.pop(pid, None)
        return False
    time.sleep(0.02)  # what select() waits for is there already
    return time.monotonic() - _kept.setdefault(pid, time.monotonic()) > KEPT


def has_ended(pid):
    """Whether nothing of a process runs; of one whose first thread has ended others may."""
    found = _stat(pid)
    return found is not None and found[0] in b"ZX" and int(found[17]) <= 1


def has_ended_below(pid):
    """Whether of what root's sudo started only what has ended is left."""
    below = descendants(pid, b"")
    running = [one for one in below if not has_ended(one)]
    return len(below) > len(running) and all(_owner(one) in (0, None) for one in running)


def _owner(pid):
    try:
        return os.stat("/proc/%d" % pid).st_uid
    except OSError:
        return None


def _stat(pid):
    """The fields behind the name; None where it is gone."""
    try:
        # A process of anybody's chooses its name, which need not be text: what is read here stands behind it.
        with open("/proc/%s/stat" % pid, "rb") as file:
            return file.read().rsplit(b")", 1)[1].split()
    except (OSError, IndexError):
        return None


def adopt():
    """What a child of this process leaves becomes a child of this process."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def descendants(of=None, but=b"ZX"):
    """Pids of what lives below a process, this one where none is named; `but`: states that do not count."""
    parents = {}
    for name in os.listdir("/proc"):
        found = _stat(name) if name.isdigit() else None
        if found and (not but or found[0] not in but):
            parents.setdefault(int(found[1]), []).append(int(name))
    found, open_ = [], [of or os.getpid()]
    while open_:
        below = parents.get(open_.pop(), [])
        found += below
        open_ += below
    return found


def kill(seconds=1.0):
    """Kills all of them at once, and what they start meanwhile."""
    until = time.monotonic() + seconds
    while not alone() and time.monotonic() < until:
        _strike(descendants())
        # What starts its next and ends, over and over, is nowhere by the time that a look at /proc is over. Its next is
        # ours the moment it ends, and that is quickly seen.
        for _ in range(1000):
            if not _strike(_children()) and alone():
                return


def end():
    """Ends all of them, and what they start meanwhile; returns the names of those that had to be told."""
    began, told = time.monotonic(), {}
    while not alone():
        late = time.monotonic() - began
        left = descendants() if late > BY_ITSELF else []
        for pid in left:
            if pid not in told and len(told) < 1000:
                told[pid] = _command(pid)
                _strike([pid], signal.SIGTERM)
        if late > BY_ITSELF + TOLD:
            kill(TOLD)
            if not alone():
                told[0] = "something that could not be ended"
            elif not told:
                told[0] = "something that began anew all the time"
            break
        time.sleep(0.02)
    return sorted(set(told.values()))


def alone():
    """Whether nothing is left below this process: it adopts, so then it has no child. The kernel's word, which no look at
    /proc is: what forks and ends is in no such list."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False


def _strike(pids, sig=signal.SIGKILL):
    for pid in pids:
        try:
            os.kill(pid, sig)
        except OSError:
            pass
    return len(pids)


def _children():
    """Pids of this process's own children; empty where the kernel does not list them."""
    try:
        with open("/proc/self/task/%d/children" % os.getpid()) as file:
            return [int(one) for one in file.read().split()]
    except OSError:
        return []


def _command(pid):
    try:
        with open("/proc/%d/comm" % pid, "rb") as file:
            return file.read().decode("utf-8", "replace").strip()
    except OSError:
        return "?"


def said(names):
    """One line for the step's log."""
    return "djdeploy: ended what this step left running: %s\n" % ", ".join(names)
