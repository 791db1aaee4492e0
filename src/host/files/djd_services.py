"""The other processes of an application (workers, schedulers): one service each, started through `slots/NAME`."""
import concurrent.futures
import os
import signal
import time

import djd_manager as manager
import djd_processes as processes
from djd_paths import Refused, read_json, read_link, replace_link

# Seconds for the launcher to come from the manager's hands into the release's folder: on a busy host it takes its time.
ENTER = 10.0
# Seconds for a task to finish where nobody said how long one takes.
PATIENCE = 60.0


def known(paths, release, name):
    """Whether the release has such a process at all: an older one may not."""
    spec = read_json(os.path.join(paths.release(release), ".djdeploy", "launch.json"), {})
    return name in spec.get("processes", {})


def look(paths, name, table=None):
    """{"release": that its link names, "runs": that its main process works in, "up", "pid", "restarts", "failed", "text"}"""
    now = manager.state(paths, name)
    table = processes.mine(paths) if table is None else table
    cwd = table.get(now["pid"], {}).get("cwd", "")
    target = read_link(paths.slot(name))
    release = os.path.basename(target) if target else None
    return dict(now, release=release, runs=processes.release_of(paths, cwd) if now["pid"] else None)


def overview(paths, table, live):
    """What setup wired, by name; "wanted": the live release has such a process."""
    names = manager.processes(paths)
    if not names:
        return {}
    with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
        rows = dict(zip(names, pool.map(lambda name: look(paths, name, table), names)))
    return {name: dict(row, wanted=bool(live and known(paths, live, name))) for name, row in rows.items()}


def check(paths, release, names):
    """[{"name", "pid", "problem"}]: None where the process runs this release. One that it does not have is left out."""
    rows, table = [], processes.mine(paths)
    for name in names:
        if not known(paths, release, name):
            continue
        now = look(paths, name, table)
        problem = None
        if not now["up"]:
            problem = "%s does not run (%s)" % (name, now["text"])
        elif now["runs"] != release:
            problem = "%s (process %d) runs %s" % (name, now["pid"], now["runs"] or "something else")
        rows.append({"name": name, "pid": now["pid"], "problem": problem})
    return rows


def stop(paths, name, patience):
    """Stops it gracefully, with all that it began; returns what went on after the manager had called it stopped, and was ended.

    A shell in front (releases of older versions have one) dies of the signal and leaves what works to be killed, or
    running: that is told first, and has `patience` seconds to finish its task.
    """
    main = manager.state(paths, name)["pid"]
    table = processes.mine(paths)
    members = processes.marked(name, table) | (processes.family(table, main) if main else set())
    if main and processes.is_shell(main):
        _end(paths, members - {main}, patience, hard=False)
    manager.stop(paths, name)
    left = members & set(processes.mine(paths))
    _end(paths, left, patience)
    return sorted(left)


def _end(paths, pids, patience, hard=True):
    """Tells them to end and waits; with `hard` those that did not are killed."""
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5)):
        left = pids & set(processes.mine(paths))
        if not left or (number == signal.SIGKILL and not hard):
            return
        processes.signal(paths, left, number)
        until = time.monotonic() + seconds
        while pids & set(processes.mine(paths)) and time.monotonic() < until:
            time.sleep(0.1)


def halt(paths, name):
    """Stops it gracefully (the manager's stop timeout is the limit) and leaves no link that a reboot would start."""
    stop(paths, name, PATIENCE)
    if os.path.lexists(paths.slot(name)):
        os.unlink(paths.slot(name))


def restart(paths, name, release, uptime, deadline, patience=PATIENCE):
    """Ends the process, starts the release's, and waits until that has stayed up. Returns {"ok", "problem", "log", "ms"}."""
    begun = time.monotonic()
    now = look(paths, name)
    if now["up"] and now["runs"] == release:
        # It could not be stopped, or is started already and the answer was lost on the way: no task is cut for that.
        replace_link(paths.slot(name), os.path.join("..", "releases", release))
        return dict(prove(paths, name, release, uptime, deadline), stopMs=0, startMs=int((time.monotonic() - begun) * 1000))
    # First the link: should the manager start it again meanwhile, that is the new release.
    if known(paths, release, name):
        replace_link(paths.slot(name), os.path.join("..", "releases", release))
    ended = stop(paths, name, patience)
    left = set(ended) & set(processes.mine(paths))
    if left:
        raise Refused("process.survives", "%s was stopped, and process %d still runs" % (name, min(left)))
    stopped = time.monotonic()
    if not known(paths, release, name):
        halt(paths, name)
        return {"ok": True, "skipped": True, "ended": ended, "stopMs": int((stopped - begun) * 1000)}
    manager.start(paths, name)
    answer = prove(paths, name, release, uptime, deadline)
    times = {"stopMs": int((stopped - begun) * 1000), "startMs": int((time.monotonic() - stopped) * 1000)}
    return dict(answer, ended=ended, **times)


def prove(paths, name, release, uptime, deadline):
    """One main process that works in the release and lives for `uptime` seconds without being started again."""
    end = time.monotonic() + deadline
    entered = min(end, time.monotonic() + ENTER)
    now = look(paths, name)
    while not now["failed"] and time.monotonic() < (entered if now["up"] else end) and not (now["up"] and now["runs"]):
        time.sleep(0.05)
        now = look(paths, name)
    main, until = now["pid"], time.monotonic() + uptime
    while now["up"] and os.path.exists("/proc/%d" % main) and time.monotonic() < until:
        time.sleep(0.05)
    if now["up"] and uptime:
        now = look(paths, name)
    problem = None
    if not now["up"] or now["failed"] or now["pid"] != main:
        problem = "it ended while it started (%s)" % now["text"]
    elif now["runs"] != release:
        problem = "its main process %d works in %s" % (main, now["runs"] or "a folder that cannot be read")
    return {"ok": problem is None, "problem": problem, "log": manager.log(paths, name, release) if problem else "", "pid": main}
