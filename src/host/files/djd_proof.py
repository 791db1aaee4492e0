"""Who really runs: what the manager started, what descends from that, and what no service holds."""
import concurrent.futures
import os

import djd_manager as manager
import djd_processes as processes
from djd_paths import read_json, read_link
from djd_slots import SLOTS


def prove(paths, slot, release, answered):
    """Who really runs: the manager's main process works in the release, none that descends from it in another one, and
    one of them gave the answer (None: nobody was asked). Returns {"ok", "problem", "workers", "main"}."""
    now = manager.state(paths, slot)
    table = processes.mine(paths)
    members = processes.family(table, now["pid"]) if now["pid"] else set()
    where = {pid: processes.release_of(paths, table[pid]["cwd"]) for pid in members}
    here = {pid for pid in members if where[pid] == release}
    elsewhere = sorted(pid for pid in members - here if where[pid])
    problem = None
    if not now["up"]:
        problem = "slot %s does not run (%s)" % (slot, now["text"])
    elif now["pid"] not in here:
        cwd = table.get(now["pid"], {}).get("cwd", "a folder that cannot be read")
        problem = "the main process %d works in %s" % (now["pid"], cwd)
    elif elsewhere:
        problem = "process %d of slot %s works in %s" % (elsewhere[0], slot, table[elsewhere[0]]["cwd"])
    elif answered is not None and not set(answered) & here:
        problem = "the answer came from process %s, which slot %s does not run" % (list(answered), slot)
    return {"ok": problem is None, "problem": problem, "main": now["pid"], "workers": sorted(here - {now["pid"]})}


def wrong_packages(paths, release, seen):
    """Code of one release with the packages of another (a master that outlived its release, a launch.json that was edited)."""
    made, has = (read_json(paths.manifest(release)) or {}).get("venv"), (seen or {}).get("venv")
    if not made or not has or made == has:
        return None
    return "it runs with the packages of venvs/%s, and was made with venvs/%s" % (has, made)


def survivors(paths, release, table=None):
    """Service processes of other releases than the given one: [{"pid", "release"}]."""
    found = []
    for pid, row in (processes.mine(paths) if table is None else table).items():
        name = processes.not_of(paths, row, release)
        if name:
            found.append({"pid": pid, "release": name})
    return found


def others(paths, table, mains, release):
    """What of survivors() descends from none of the manager's."""
    held = set().union(*(processes.family(table, pid) for pid in mains if pid))
    return [row for row in survivors(paths, release, table) if row["pid"] not in held]


def strays(paths, table, mains):
    """Service processes that descend from none of the manager's: started by hand, or left by a parent that was killed."""
    held = set().union(*(processes.family(table, pid) for pid in mains if pid))
    rows = [(pid, processes.release_of(paths, row["cwd"])) for pid, row in table.items() if row["service"]]
    return [{"pid": pid, "release": release} for pid, release in rows if release and pid not in held]


def overview(paths, table):
    """{slot: {"release" that its link names, "runs": that its main process works in, "up", "pid", "text"}}"""
    places = sorted({*SLOTS, *manager.places(paths)})
    with concurrent.futures.ThreadPoolExecutor(len(places)) as pool:  # each question may take a tenth of a second
        states = dict(zip(places, pool.map(lambda slot: manager.state(paths, slot), places)))
    rows = {}
    for slot, now in states.items():
        target = read_link(paths.slot(slot))
        rows[slot] = {
            "release": os.path.basename(target) if target else None,
            "runs": processes.release_of(paths, table.get(now["pid"], {}).get("cwd", "")),
            "up": now["up"],
            "pid": now["pid"],
            "text": now["text"],
        }
    return rows
