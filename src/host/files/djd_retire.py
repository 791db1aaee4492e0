"""The end of a slot: waiting until nobody waits for it, stopping it, counting whom that cut, leaving nothing of it."""
import concurrent.futures
import os
import re
import signal
import time

import djd_connections as connections
import djd_manager as manager
import djd_processes as processes
import djd_slots as slots
from djd_paths import Refused, read_json
from djd_proof import others, survivors

# Handled by workers that can say farewell (djd_quiet.py).
FAREWELL = signal.SIGRTMIN + 8
# How long a close frame may take to go out before the server is told to stop.
A_MOMENT = 0.2


def drain(paths, slot, least, most):
    """Waits until nobody waits any more in the old socket's queue, at least `least` and at most `most` seconds.

    `least` counts from the switch, where this agent did it: the proof behind it took its time of that. `most` counts from
    now: between the two may lie the pauses of a rollout.
    """
    begun = time.monotonic()
    ready = (slots.switched_at or begun) + least
    while True:
        now = time.monotonic()
        waiting = connections.waiting(paths, slot)
        if now >= ready and (not waiting or now - begun >= most):
            return {"ms": int((now - begun) * 1000), "left": waiting or 0}
        time.sleep(max(0.005, min(0.05, ready - now)))


def retire(paths, slot, unseen=False, patience=0, finishes=True, limit=None):
    """Stops a slot that is not live and leaves nothing of it: a reboot has nothing to start.

    unseen: no visitor ever reached it, so that nothing of it is worth waiting for. finishes: its server finishes what
    it is answering, for `limit` seconds; for any other that is waited for before, `patience` seconds. What the release
    says of itself in launch.json goes before. Returns {"ms", "cut", "finishes"}; cut: connections; None = unknown.
    """
    if slot == slots.live(paths)[0]:
        raise Refused("slot.live", "slot %s is live" % slot)
    if os.path.exists(paths.started(slot)):
        os.unlink(paths.started(slot))
    spec = read_json(os.path.join(paths.slot(slot), ".djdeploy", "launch.json"), {})
    finishes, limit = spec.get("finishes", finishes), spec.get("stopLimit", limit)
    begun, cut = time.monotonic(), 0
    main = manager.state(paths, slot)["pid"]
    if main and unseen:
        stop_now(paths, slot, main)
    elif main:
        cut = stop_kindly(paths, slot, main, limit if finishes else None, 0 if finishes else patience)
    else:
        manager.stop(paths, slot)
    slots.drop_socket(paths, slot)
    for name in (paths.slot(slot), paths.left(slot), paths.back):
        if os.path.lexists(name):
            os.unlink(name)
    return {"ms": int((time.monotonic() - begun) * 1000), "cut": cut, "finishes": finishes}


def stop_kindly(paths, slot, main, limit, patience):
    """Says farewell to who is connected, waits for them `patience` seconds, stops the slot; returns how many that cut.

    limit: how long the server finishes what it is answering when it is told to stop; None = it cuts that.
    """
    members = processes.family(processes.mine(paths), main)
    held = lambda: connections.held(paths, slot, members)  # noqa: E731
    told = [pid for pid in members if handles(pid, FAREWELL)]
    if told:
        processes.signal(paths, told, FAREWELL)
        time.sleep(A_MOMENT)
    end = time.monotonic() + patience
    while time.monotonic() < end and held():
        time.sleep(0.05)
    left, begun = held(), time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(manager.stop, paths, slot)
        while not concurrent.futures.wait([stopped], timeout=0.2).done:
            now = limit and held()
            left = now or left
        stopped.result()
    return 0 if limit and time.monotonic() - begun < limit else left


def handles(pid, number):
    """Whether a process has a handler for a signal: it would end any other."""
    try:
        with open("/proc/%d/status" % pid, "rb") as file:
            caught = re.search(rb"^SigCgt:\s*([0-9a-f]+)$", file.read(), re.M)
    except OSError:
        return False
    return bool(caught and int(caught.group(1), 16) >> (number - 1) & 1)


def stop_now(paths, slot, main, patience=2.0):
    """A stop that does not wait for hanging pages: what still lives after `patience` seconds is killed."""
    members = processes.family(processes.mine(paths), main)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(manager.stop, paths, slot)
        done, _ = concurrent.futures.wait([stopped], timeout=patience)
        if not done:
            processes.signal(paths, members & set(processes.mine(paths)), signal.SIGKILL)
        stopped.result()


def sweep(paths, release, patience):
    """Ends what runs an older release and belongs to none of the manager's services: nothing else ever would.

    Asked to end first; what has not after `patience` seconds is killed. Returns {"ended": [{"pid", "release"}], "survivors"}.
    """
    table = processes.mine(paths)
    if not survivors(paths, release, table):
        return {"ended": [], "survivors": []}
    names = (*manager.places(paths), *manager.processes(paths))
    with concurrent.futures.ThreadPoolExecutor(max(1, len(names))) as pool:
        mains = list(pool.map(lambda name: manager.state(paths, name)["pid"], names))
    ended = others(paths, table, mains, release)
    left = {row["pid"] for row in ended}
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5)):
        until = time.monotonic() + seconds
        processes.signal(paths, left, number)
        while left and time.monotonic() < until:
            time.sleep(0.05)
            left &= set(processes.mine(paths))
    return {"ended": ended, "survivors": survivors(paths, release)}

