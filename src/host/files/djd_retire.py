"""The end of a slot: waiting until nobody waits for it, stopping it, leaving nothing of it."""
import concurrent.futures
import os
import re
import signal
import subprocess
import time

import djd_manager as manager
import djd_processes as processes
from djd_paths import Refused
from djd_slots import live


def pending(socket, answers=False):
    """How many connections wait in a listening socket's accept queue; None when it cannot be told.

    answers: those that are being answered count too.
    """
    words = ["ss", "-xaH" if answers else "-xlH", "src", socket]
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    rows = re.findall(r"^\S+\s+(\S+)\s+(\d+)\s+\d+\s", done.stdout.decode("utf-8", "replace"), re.M)
    counts = [int(queue) if state == "LISTEN" else 1 for state, queue in rows]
    return sum(counts) if done.returncode == 0 else None


def drain(paths, slot, least, most, answers=False):
    """Waits until nobody waits any more in the old socket's queue, at least `least` and at most `most` seconds.

    answers: nor is anybody answered, for a server that cuts them when it stops.
    """
    begun = time.monotonic()
    waiting = None
    while True:
        spent = time.monotonic() - begun
        waiting = pending(paths.socket(slot), answers)
        if spent >= least and (not waiting or spent >= most):
            return {"ms": int(spent * 1000), "left": waiting or 0}
        time.sleep(0.05)


def retire(paths, slot, unseen=False):
    """Stops a slot that is not live and leaves nothing of it: a reboot has nothing to start.

    unseen: no visitor ever reached it, so that nothing of it is worth waiting for.
    """
    if slot == live(paths)[0]:
        raise Refused("slot.live", "slot %s is live" % slot)
    marker = os.path.join(paths.run, slot + ".boot")
    if os.path.exists(marker):
        os.unlink(marker)
    main = manager.state(paths, slot)["pid"] if unseen else 0
    if main:
        stop_now(paths, slot, main)
    else:
        manager.stop(paths, slot)
    for name in (paths.slot(slot), paths.socket(slot), os.path.join(paths.run, slot + ".control")):
        if os.path.lexists(name):
            os.unlink(name)


def stop_now(paths, slot, main, patience=2.0):
    """A stop that does not wait for hanging pages: what still lives after `patience` seconds is killed."""
    members = processes.family(processes.mine(paths), main)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(manager.stop, paths, slot)
        done, _ = concurrent.futures.wait([stopped], timeout=patience)
        for pid in set() if done else members & set(processes.mine(paths)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        stopped.result()
