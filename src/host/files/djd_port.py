"""A port instead of nginx: taking it over from the release before, and giving it back."""
import os
import signal
import time

import djd_manager as manager
import djd_probe as probe
import djd_processes as processes
import djd_slots as slots
from djd_paths import replace_link, write_file
from djd_retire import handles, retire

# djd_quiet.py handles it in workers on asyncio.
LEAVE = signal.SIGRTMIN + 7


def join(paths, slot, release, where, request, deadline, successes, beside):
    """Starts a release on the port that another one serves, and waits until visitors get good answers from it too."""
    slots.boot(paths, slot, release)
    return _answers(paths, slot, release, where, request, deadline, successes, beside)


def take(paths, slot, release, where, request, deadline, successes):
    """The same where only one server can have the port: the slot was pointed at the release, the one before has ended."""
    manager.start(paths, slot)
    return _answers(paths, slot, release, where, request, deadline, successes, None)


def _answers(paths, slot, release, where, request, deadline, successes, beside):
    token, alive = probe.token(paths, release), slots.watcher(paths, slot)
    answer = probe.until_good(where, request, token, release, deadline, successes, alive, beside)
    if not answer["ok"]:
        answer["log"] = manager.log(paths, slot, release)
    return answer


def leave(paths, slot, least):
    """Makes the workers of a slot leave new connections to the other one that serves the port, as far as they can.

    Then waits for `least` seconds, so that what they accepted is read. Returns {"ms", "asked"}.
    """
    begun = time.monotonic()
    members = processes.family(processes.mine(paths), manager.state(paths, slot)["pid"])
    asked = [pid for pid in members if handles(pid, LEAVE)]
    if asked:
        write_file(paths.left(slot), b"")
    processes.signal(paths, asked, LEAVE)
    if asked:
        time.sleep(least)
    return {"ms": int((time.monotonic() - begun) * 1000), "asked": len(asked)}


def back(paths, slot, release, failed, where, alone):
    """Gives the port back to the release before. alone: only one can have it, so the failed one is stopped first.

    Workers that were told to leave take nobody in any more: they are stopped first, while the failed one has the port.
    """
    if os.path.exists(paths.left(slot)):
        manager.stop(paths, slot)
    running = manager.state(paths, slot)["up"]
    if alone:
        name(paths, slot, release)
        retire(paths, failed, True)
    if alone or not running:
        slots.boot_again(paths, slot, release, where)
    name(paths, slot, release)


def name(paths, slot, release):
    """The links say which slot a reboot starts."""
    replace_link(paths.web, slot + ".sock")
    slots.name_current(paths, release)
