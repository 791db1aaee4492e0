"""A port instead of nginx: taking it over from the release before, and giving it back."""
import os
import re
import signal
import subprocess
import time

import djd_manager as manager
import djd_probe as probe
import djd_processes as processes
import djd_slots as slots
from djd_paths import replace_link
from djd_retire import retire

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
        answer["log"] = manager.log(paths, slot)
    return answer


def leave(paths, slot, port, least, most, answers):
    """Makes the workers of a slot leave new connections to the other one that serves the port, as far as they can.

    Then waits for `least` seconds, so that what they accepted is read; answers: at most `most` seconds until they have
    answered all of it, for a server that cuts what it is answering when it stops. Returns {"ms", "left", "asked"}.
    """
    begun = time.monotonic()
    members = processes.family(processes.mine(paths), manager.state(paths, slot)["pid"])
    asked = [pid for pid in members if _handles(pid)]
    for pid in asked:
        os.kill(pid, LEAVE)
    while True:
        spent = time.monotonic() - begun
        left = _connections(port, members) if answers and asked else 0
        if spent >= (least if asked else 0) and (not left or spent >= most):
            return {"ms": int(spent * 1000), "left": left, "asked": len(asked)}
        time.sleep(0.05)


def _handles(pid):
    """Whether a process has a handler for the signal: it would end any other."""
    try:
        with open("/proc/%d/status" % pid) as file:
            caught = re.search(r"^SigCgt:\s*([0-9a-f]+)$", file.read(), re.M)
    except OSError:
        return False
    return bool(caught and int(caught.group(1), 16) >> (LEAVE - 1) & 1)


def _connections(port, members):
    """How many connections of visitors these processes hold on a port."""
    words = ["ss", "-tnpH", "state", "established", "sport", "=", ":%d" % port]
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    rows = done.stdout.decode("utf-8", "replace").splitlines()
    return sum(1 for row in rows if {int(pid) for pid in re.findall(r"pid=(\d+)", row)} & members)


def back(paths, slot, release, failed, where, alone):
    """Gives the port back to the release before. alone: only one can have it, so the failed one is stopped first."""
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
    replace_link(paths.current, "releases/" + release)
