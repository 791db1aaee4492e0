"""One run at a time: a flock that the agent holds, that a running step inherits and nothing else does.

The kernel frees it with the last holder, so it cannot go stale: a killed runner closes the agent's input, a silent
one misses its heartbeat, and a step that still runs keeps it until the step has ended.
"""
import fcntl
import os
import signal
import threading
import time

import djd_as_user
import djd_seen
from djd_paths import Refused, read_json, write_json

held = None
# The file that names the holder, while that is this process. Whoever reads it to change it holds the other.
_named = None
_changing = threading.RLock()
# Seconds for which the step of a run whose runner is gone is waited for. A migration is never ended; what only prepares is.
MIGRATES, PREPARES = 1800, 120


def boot_id():
    with open("/proc/sys/kernel/random/boot_id") as file:
        return file.read().strip()


def start_time(pid):
    """Clock ticks since boot at which a process started: with pid and boot id it names one process for ever."""
    try:
        # In bytes: a process chooses its name, which need not be text.
        with open("/proc/%d/stat" % pid, "rb") as file:
            fields = file.read().rsplit(b")", 1)[1].split()
            return fields[19].decode() if fields[0] != b"Z" else None  # ended, and nobody asked how yet
    except (OSError, IndexError):
        return None


def alive(record):
    """Whether the process (or a member of its group) that a record names still lives."""
    if not record or record.get("boot") != boot_id():
        return False
    pid = record.get("pid", 0)
    if start_time(pid) == record.get("start") and record.get("start"):
        return True
    if not record.get("group"):
        return False
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as file:
                    fields = file.read().rsplit(b")", 1)[1].split()
                if int(fields[2]) == pid and fields[0] != b"Z":
                    return True
            except (OSError, IndexError):
                continue
    return False


def holder(paths):
    """Who holds the lock now, or None. Asks the kernel, not the file: the file only says the name."""
    try:
        handle = os.open(os.path.join(paths.own, "lock"), os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return leftover(paths)
    except OSError:
        return _told(read_json(os.path.join(paths.own, "lock.json"), {"actor": "unknown"}))
    finally:
        os.close(handle)


def leftover(paths):
    """The last holder if a process group of one of its steps outlived the wrapper that held the lock."""
    last = read_json(os.path.join(paths.own, "lock.json"))
    if last and last.get("step") and alive(_of_step(paths, last)):
        return _told(last)
    return None


def _of_step(paths, last):
    """The processes of the last step: its group, or only ours once it left a result. The project's code could stay in it."""
    step = last["step"]
    result = os.path.join(paths.runs(str(last.get("run", ""))), "%s.result" % step.get("name", ""))
    return dict(step, group=False) if os.path.exists(result) else step


def _told(record):
    """A holder with what is known of its runner: `gone` when its agent is, and only a step of it still works."""
    if not record.get("pid") or (not record.get("leaving") and alive({**record, "group": False})):
        return record
    step = dict(record.get("step") or {})
    return dict(record, gone=True, step=dict(step, within=MIGRATES if step.get("keepsLock") else PREPARES))


def note_leaving():
    """The runner of this agent is gone; what it is at is brought to its end."""
    with _changing:
        try:
            record = read_json(_named) if _named else None
            if record and record.get("pid") == os.getpid():
                write_json(_named, dict(record, leaving=True), 0o600)
        except OSError:
            pass  # no room, or not our folder any more: who leaves is not held up by that, or the lock would stay


def take(paths, run, who, wait=0.0, progress=None):
    """Takes the lock for a run. who: {actor, verb, revision, runUrl}. Raises Refused("lock.held") with the holder."""
    global held, _named
    if held is not None:
        return
    ended = read_json(os.path.join(paths.own, "ended.json"), {})
    if ended.get("run") == run:
        raise Refused("lock.ended", "%s ended this run: %s" % (ended["by"], ended["reason"]))
    handle = os.open(os.path.join(paths.own, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(handle, False)
    until = time.monotonic() + wait
    told = since = None
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            other = leftover(paths)
            if other is None:
                break
            fcntl.flock(handle, fcntl.LOCK_UN)
        except BlockingIOError:
            other = _told(read_json(os.path.join(paths.own, "lock.json"), {"actor": "unknown"}))
        # The same run comes back after a lost connection: its old agent is sent away, its own step is waited for.
        if other.get("run") == run and other != told and alive({**other, "group": False}):
            os.kill(other["pid"], signal.SIGTERM)
        if other.get("gone") and other.get("run") != run:
            since = since or time.monotonic()
            left = since + other["step"]["within"] - time.monotonic()
            if left < 0 and not other["step"].get("keepsLock"):
                end(paths, other["step"], hard=left < -10)
            until = max(until, since + other["step"]["within"] + (0 if other["step"].get("keepsLock") else 20))
        if time.monotonic() >= until and other.get("run") != run:
            os.close(handle)
            raise Refused("lock.held", "another run holds the lock", holder=other)
        if time.monotonic() >= until + 3600:
            os.close(handle)
            raise Refused("lock.held", "this run's own step did not end", holder=other)
        if progress and other != told:
            told = other
            progress(other)
        time.sleep(0.2)
    held = handle
    record = dict(who, run=run, since=time.time(), pid=os.getpid(), start=start_time(os.getpid()), boot=boot_id())
    _named = os.path.join(paths.own, "lock.json")
    write_json(_named, record, 0o600)


def end(paths, step, hard=False):
    """Tells the group of a step to end."""
    if alive(step):
        signal_group(paths, step["pid"], signal.SIGKILL if hard else signal.SIGTERM)


def signal_group(paths, group, number):
    """Signals a step's processes: the wrapper, which tells the rest, or what outlived it."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        pass
    except PermissionError:  # only the other user's are left
        djd_as_user.ask(paths, djd_seen.kill_group, group, int(number))


def note_step(paths, step):
    """Writes beside the lock which process group works for its holder (None: none any more)."""
    file = os.path.join(paths.own, "lock.json")
    with _changing:
        record = read_json(file, {})
        record["step"] = step
        write_json(file, record, 0o600)


def release(paths):
    global held
    if held is not None:
        until = time.monotonic() + 5
        while leftover(paths) and time.monotonic() < until:
            time.sleep(0.05)
        if leftover(paths) is None:  # else it says whose step goes on
            try:
                os.unlink(os.path.join(paths.own, "lock.json"))
            except OSError:  # gone; or the folder is not ours any more: without the lock it says nothing
                pass
        os.close(held)
        held = None


def end_holder(paths, record):
    """Ends the processes of a run that hangs: its agent first, which would go on behind its step, then that. Never anything else.
    Answers the processes that were told to end, when the lock is free or 15 s are over.
    """
    ended = []
    for entry in (record, record.get("step")):
        if entry and alive(entry):
            try:
                signal_group(paths, entry["pid"], 15) if entry.get("group") else os.kill(entry["pid"], 15)
                ended.append(entry["pid"])
            except ProcessLookupError:
                pass
        if entry is record:  # gone before its step is: it would tell its runner of a step that failed
            gone = time.monotonic() + 6
            while alive({**record, "group": False}) and time.monotonic() < gone:
                time.sleep(0.02)
    deadline = time.monotonic() + 15
    while holder(paths) and time.monotonic() < deadline:
        time.sleep(0.1)
        if time.monotonic() > deadline - 5 and record.get("step") and alive(record["step"]):
            signal_group(paths, record["step"]["pid"], 9)
    return ended
