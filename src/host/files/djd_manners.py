"""What only prepares a release gives way to what serves one: in CPU, in I/O, and when memory runs out.

On an idle host that costs nothing. Never for what visitors wait for or could lose: the switch, the private boot (the
manager starts it), a migration (it holds locks in the database).
"""
import concurrent.futures
import os
import shutil
import subprocess
import threading
import time

# A tenth of the weight that serving processes have: what prepares goes on where all cores are busy, only slowly.
NICE = 10
# Best effort, the last of its eight levels. Not idle: where the disk is always busy that would be never.
IONICE = ["ionice", "-c", "2", "-n", "7"]


def modest(argv):
    """A command with a low I/O priority, as far as the host has the means."""
    return [*IONICE, *argv] if shutil.which(IONICE[0]) else list(argv)


def give_way():
    """Called in a process that is about to become a step: nice, and the first to go when memory is short."""
    _nice()
    _say("/proc/self/oom_score_adj", 1000)


def give_way_as_group(pid, value=NICE):
    """Where the kernel groups what runs by session, niceness counts in the session only, and this is the session's own.

    False: not now, for it takes one change a tenth of a second from all of the host; the caller asks again.
    """
    return _say("/proc/%d/autogroup" % pid, value)


def aside(act):
    """The same for an act of the agent, which does other things besides: a thread of its own that gives way."""

    def run(*args):
        give_way_as_group(os.getpid())
        try:
            with concurrent.futures.ThreadPoolExecutor(1, initializer=_modest_thread) as pool:
                return pool.submit(act, *args).result()
        finally:
            threading.Thread(target=_back, daemon=True).start()

    return run


def _back():
    while not give_way_as_group(os.getpid(), 0):
        time.sleep(0.02)


def _modest_thread():
    _nice()
    if shutil.which(IONICE[0]):
        subprocess.call([*IONICE, "-p", str(threading.get_native_id())], stderr=subprocess.DEVNULL)


def _nice():
    """Of the calling thread alone; Linux has no other."""
    try:
        os.nice(NICE)
    except OSError:
        pass


def _say(file, value):
    """Whether that is settled: False where the kernel wants to be asked again, True also where it does not have the file."""
    try:
        with open(file, "w") as out:
            out.write(str(value))
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True
