"""One run at a time: a flock that the agent holds, that a running step inherits and nothing else does.

The kernel frees it with the last holder, so it cannot go stale: a killed runner closes the agent's input, a silent
one misses its heartbeat, and a step that still runs keeps it until the step has ended.
"""
import fcntl
import os
import signal
import time

from djd_paths import Refused, read_json, write_json

held = None


def boot_id():
    with open("/proc/sys/kernel/random/boot_id") as file:
        return file.read().strip()


def start_time(pid):
    """Clock ticks since boot at which a process started: with pid and boot id it names one process for ever."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rsplit(")", 1)[1].split()[19]
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
                with open("/proc/%s/stat" % name) as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                if int(fields[2]) == pid and fields[0] != "Z":
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
        return read_json(os.path.join(paths.own, "lock.json"), {"actor": "unknown"})
    finally:
        os.close(handle)


def leftover(paths):
    """The last holder if a process group of one of its steps outlived the wrapper that held the lock."""
    last = read_json(os.path.join(paths.own, "lock.json"))
    if last and last.get("step") and alive(last["step"]):
        return last
    return None


def take(paths, run, who, wait=0.0, progress=None):
    """Takes the lock for a run. who: {actor, verb, revision, runUrl}. Raises Refused("lock.held") with the holder."""
    global held
    if held is not None:
        return
    ended = read_json(os.path.join(paths.own, "ended.json"), {})
    if ended.get("run") == run:
        raise Refused("lock.ended", "%s ended this run: %s" % (ended["by"], ended["reason"]))
    handle = os.open(os.path.join(paths.own, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(handle, False)
    until = time.monotonic() + wait
    told = None
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            other = leftover(paths)
            if other is None:
                break
            fcntl.flock(handle, fcntl.LOCK_UN)
        except BlockingIOError:
            other = read_json(os.path.join(paths.own, "lock.json"), {"actor": "unknown"})
        # The same run comes back after a lost connection: its old agent is sent away, its own step is waited for.
        if other.get("run") == run and other != told and alive({**other, "group": False}):
            os.kill(other["pid"], signal.SIGTERM)
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
    write_json(os.path.join(paths.own, "lock.json"), record, 0o600)


def note_step(paths, step):
    """Writes beside the lock which process group works for its holder (None: none any more)."""
    file = os.path.join(paths.own, "lock.json")
    record = read_json(file, {})
    record["step"] = step
    write_json(file, record, 0o600)


def release(paths):
    global held
    if held is not None:
        try:
            os.unlink(os.path.join(paths.own, "lock.json"))
        except FileNotFoundError:
            pass
        os.close(held)
        held = None
