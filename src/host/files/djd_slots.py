"""The two slots: starting a release in the idle one, moving the traffic, and back."""
import concurrent.futures
import os
import stat
import subprocess
import time

import djd_as_user
import djd_lock
import djd_manager as manager
import djd_probe as probe
import djd_processes as processes
import djd_static as static
import djd_work
from djd_paths import Refused, is_socket, read_link, replace_link, write_file

SLOTS = ("blue", "green")
# So many workers that ended while nobody was served: the server starts them again for ever, and waiting mends nothing.
ENDED_WORKERS = 10
# Seconds: a server gives a worker that hangs longer (gunicorn: 30).
SOON = 10
ENDING = "the server runs, but its workers end before they answer (%d so far)"
# When this agent moved the traffic, by the monotonic clock.
switched_at = None


def live(paths):
    """(slot, release) that run/web.sock names, the one truth of what is live; (None, None) before the first release."""
    folder, name = os.path.split(read_link(paths.web) or "")
    slot = name[:-5] if name.endswith(".sock") and name[:-5] in SLOTS and folder in ("", paths.run) else None
    target = read_link(paths.slot(slot)) if slot else None
    return slot, os.path.basename(target) if target else None


def other(slot):
    return "green" if slot == "blue" else "blue"


def boot(paths, slot, release):
    """Points the slot at a release and starts it."""
    point(paths, slot, release)
    manager.start(paths, slot)


def point(paths, slot, release):
    """Makes a slot ready for a release. It must be idle: a process in it would take the new modules."""
    if slot == live(paths)[0]:
        raise Refused("slot.live", "slot %s is live" % slot)
    before = manager.state(paths, slot)["pid"]
    if before:
        members = processes.family(processes.mine(paths), before)
        manager.stop(paths, slot)
        if members & set(processes.mine(paths)):
            raise Refused("slot.busy", "processes still live in slot %s" % slot)
    replace_link(paths.slot(slot), os.path.join("..", "releases", release))
    ensure_token(paths, release)
    drop_socket(paths, slot)
    lead_to(paths, slot)
    may_start(paths, slot)


def lead_to(paths, slot):
    """The running user makes its socket where it may write; what nginx is led through stays ours."""
    if paths.runner and "door" not in manager.owner(paths):  # behind nginx
        replace_link(paths.door(slot), os.path.relpath(paths.socket(slot), paths.run))


def drop_socket(paths, slot):
    """Removes what a server left where it listened, as the user whose it is, and what leads there."""
    if os.path.lexists(os.path.join(paths.sockets, slot + ".sock")):
        djd_as_user.ask(paths, djd_work.unlink_socket, slot)
    if os.path.lexists(paths.door(slot)):
        os.unlink(paths.door(slot))
    close_run(paths)


def close_run(paths):
    """After setup moved a host, servers that had their sockets in run/ may take them away; then nobody but us writes there."""
    open_to_group = paths.runner and os.stat(paths.run).st_mode & stat.S_ISVTX
    if open_to_group and not any(is_socket(os.path.join(paths.run, name)) for name in os.listdir(paths.run)):
        os.chmod(paths.run, 0o751)


def may_start(paths, slot):
    """Lets the slot be started in this boot. What starts then is not what was told to leave."""
    if os.path.exists(paths.left(slot)):
        os.unlink(paths.left(slot))
    write_file(paths.started(slot), djd_lock.boot_id().encode() + b"\n")


def ensure_token(paths, release):
    """One token for all releases of the application, so that a wrong one that answers says which it is."""
    file, common = os.path.join(paths.release(release), ".djdeploy", "token"), os.path.join(paths.own, "token")
    if not os.path.exists(common):
        write_file(common, os.urandom(24).hex().encode() + b"\n", 0o600)
    if not os.path.exists(file):
        with open(common, "rb") as source:
            write_file(file, source.read(), paths.handed(0o600))


def watcher(paths, slot):
    """A function that says why a booting slot will not answer any more, or None; `soon` are the workers that it saw end soon
    after they began. It looks at most twice a second.

    The manager is asked again only when the main process that it named has ended.
    """
    seen = {"at": None, "pid": 0, "start": None, "restarts": 0}
    workers, ended, soon = {}, set(), set()  # workers: when each was seen first

    def dead():
        first = seen["at"] is None
        if not first and time.monotonic() - seen["at"] < 0.5:
            return None
        seen["at"] = time.monotonic()
        if not seen["start"] or djd_lock.start_time(seen["pid"]) != seen["start"]:
            now = manager.state(paths, slot)
            if first:
                seen["restarts"] = now["restarts"]
            if now["failed"] or (now["restarts"] > seen["restarts"]):
                return "the server ended while it started (%s)" % now["text"]
            if seen["pid"] and now["pid"] and now["pid"] != seen["pid"]:
                return "the server ended while it started and was started again"
            seen["pid"] = now["pid"] or seen["pid"]
            seen["start"] = djd_lock.start_time(now["pid"]) if now["pid"] else None
        main = seen["pid"]
        children = {pid for pid, row in processes.mine(paths).items() if main and row["parent"] == main}
        gone = set(workers) - children
        ended.update(gone)
        soon.update(pid for pid in gone if seen["at"] - workers[pid] < SOON)
        for pid in children:
            workers.setdefault(pid, seen["at"])
        if len(ended) >= ENDED_WORKERS:
            return ENDING % len(ended)
        return None

    dead.soon = soon
    return dead


def wait_boot(paths, slot, release, request, deadline, where=None):
    """Waits until workers of the release answer at all: imports work, workers live. The page is not judged yet."""
    dead = watcher(paths, slot)
    begun = time.monotonic()
    end = begun + deadline
    where = where or {"socket": paths.socket(slot)}
    token = probe.token(paths, release)
    last = asked = None
    pool = concurrent.futures.ThreadPoolExecutor(1)  # the server is watched while a question waits for its answer
    while time.monotonic() < end:
        if asked is None and ("socket" not in where or os.path.exists(where["socket"])):
            asked = pool.submit(probe.ask, where, request, token)
        if asked is None:
            time.sleep(0.01)
        elif concurrent.futures.wait([asked], timeout=0.5).done:
            last, asked = asked.result(), None
            if last["release"] == release:
                return {"ok": True, "status": last["status"], "ms": int((time.monotonic() - begun) * 1000)}
            time.sleep(0.03)
        reason = dead()
        if reason:
            return {"ok": False, "problem": reason, "log": manager.log(paths, slot, release)}
    problem = "no worker answered within %d s" % deadline
    if last and last["error"]:
        problem += " (%s)" % last["error"]
    # On a slow host too few of them ended for a verdict before the time was over. More time helps none, and a question that waits
    # for an answer waits for a worker. One that hangs is ended by its server too, and much later.
    ending = len(dead.soon) > 1
    if ending:
        problem += ": " + ENDING % len(dead.soon)
    hangs = bool(last and last["timeout"]) and not ending
    return {"ok": False, "problem": problem, "log": manager.log(paths, slot, release), "timedOut": not ending, "hangs": hangs}


def probe_slot(paths, slot, release, request, deadline, successes):
    where, token = {"socket": paths.socket(slot)}, probe.token(paths, release)
    answer = probe.until_good(where, request, token, release, deadline, successes, watcher(paths, slot))
    if not answer["ok"]:
        answer["log"] = manager.log(paths, slot, release)
    return answer


def mend(paths, links):
    """Puts back what hands changed: links {"web": slot, "slots": {slot: release}, "current": release}, each where wanted."""
    for slot, release in links.get("slots", {}).items():
        replace_link(paths.slot(slot), os.path.join("..", "releases", release))
        lead_to(paths, slot)
    if links.get("web"):
        lead_to(paths, links["web"])
        replace_link(paths.web, links["web"] + ".sock")
    if links.get("current"):
        name_current(paths, links["current"])


def switch(paths, slot, release):
    """Moves the traffic: everything of the release to disk, then one rename. Then `current`, which follows."""
    global switched_at
    if read_link(paths.slot(slot)) != os.path.join("..", "releases", release):
        raise Refused("slot.changed", "slot %s no longer holds %s" % (slot, release))
    before = read_link(paths.web)
    if before:
        # The way back needs no room of its own then.
        replace_link(paths.back, before)
    replace_link(paths.web, slot + ".sock")
    switched_at = time.monotonic()
    sync_folder(paths.run)
    name_current(paths, release)
    return {"before": before}


def name_current(paths, release):
    """What follows the switch: `current`, and the static files that nginx takes first."""
    static.show(paths, release)
    replace_link(paths.current, paths.to_current(release))


def sync_folder(path):
    """A rename in it survives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def switch_back(paths, slot, release):
    """After a failure behind the switch: the traffic to the old slot again, or nowhere if nothing served before.

    Where no web server runs there is nothing to start: the links say what is live. Returns {"moved"}: False where it still
    was there, because the switch had failed before it moved anything.
    """
    if slot is None:
        for link in (paths.web, paths.current):
            if os.path.lexists(link):
                os.unlink(link)
        static.hide(paths)
        return {"moved": True}
    if slot not in manager.places(paths):
        replace_link(paths.slot(slot), os.path.join("..", "releases", release))
    elif not manager.state(paths, slot)["up"]:
        boot_again(paths, slot, release)
    moved = read_link(paths.web) != slot + ".sock"
    if moved and read_link(paths.back) == slot + ".sock":
        os.rename(paths.back, paths.web)
    replace_link(paths.web, slot + ".sock")
    try:
        name_current(paths, release)
    except OSError:
        pass  # visitors are served; status tells, and the next run mends it
    return {"moved": moved}


def boot_again(paths, slot, release, where=None):
    """The old slot died or was stopped in between: its release is started as it was, and answers before it gets traffic."""
    replace_link(paths.slot(slot), os.path.join("..", "releases", release))
    lead_to(paths, slot)
    may_start(paths, slot)
    manager.start(paths, slot)
    request = {"path": "/", "host": "localhost", "scheme": "http", "timeout": 10}
    answer = wait_boot(paths, slot, release, request, 60, where)
    if not answer["ok"]:
        raise Refused("slot.old", "%s does not start again: %s" % (release, answer["problem"]), output=answer["log"])


def sync(paths):
    """All of the release on disk before the rename: after a power cut the link must not name empty files."""
    if subprocess.call(["sync", "-f", *paths.volumes()], stderr=subprocess.DEVNULL) != 0:
        os.sync()
