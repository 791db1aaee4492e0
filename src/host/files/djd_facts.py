"""What a host is and holds, read in one go; changes nothing."""
import base64
import glob
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import time

import djd_as_user
import djd_env
import djd_lock
import djd_processes as processes
import djd_proof as proof
import djd_releases
import djd_seen
import djd_services as others
import djd_slots as slots
import djd_steps
import djd_upload
from djd_paths import read_json, read_link

# Bytes of the deflated list of files: that of 100 000 files. The runner takes no more (src/host/message.ts, base.ts).
LARGEST_BASE = 6 << 20


def read(paths):
    owner = read_json(paths.owner)
    slot, release = slots.live(paths) if owner else (None, None)
    table = processes.mine(paths) if owner else {}
    places, services = (proof.overview(paths, table), others.overview(paths, table, release)) if owner else ({}, {})
    mains = [row["pid"] for row in (*places.values(), *services.values())]
    # Where a release and its virtual environment go; what lies in shared/ grows by itself.
    rooms = [row for row in room(paths) if row["folder"] not in (paths.shared, paths.env, paths.slots, paths.run, paths.own)]
    return {
        "user": _user(),
        "hostname": platform.node(),
        "bootId": djd_lock.boot_id(),
        "time": time.time(),
        "os": _os(),
        "machine": platform.machine(),
        "cores": os.cpu_count() or 1,
        "memoryMb": _memory("MemAvailable"),
        "swapMb": _memory("SwapFree"),
        "serving": _serving(paths, places[slot]["pid"] if slot in places else 0, table),
        "diskFreeMb": min(row["freeKb"] for row in rooms) // 1024,
        "inodesFree": min([row["inodes"] for row in rooms if row["countsInodes"]], default=0),
        "pythons": pythons(),
        "exists": os.path.isdir(paths.root),
        "real": os.path.realpath(paths.root),
        "writable": all(os.access(p, os.W_OK) for p in (paths.releases, paths.venvs, paths.run, paths.own)),
        "owner": owner,
        "lingers": os.path.exists("/var/lib/systemd/linger/" + _user()),
        "live": {"slot": slot, "release": release} if slot else None,
        "current": _current(paths),
        "web": os.readlink(paths.web) if os.path.islink(paths.web) else "" if os.path.exists(paths.web) else None,
        "slots": places,
        "processes": services,
        "strays": proof.strays(paths, table, mains),
        "releases": djd_releases.listing(paths) if owner else [],
        "lock": djd_lock.holder(paths) if owner else None,
        "interrupted": djd_steps.interrupted(paths) if owner else None,
        "venvs": _venvs(paths),
        "stored": [row["name"] for row in djd_env.listing(paths)] if owner and os.access(paths.env, os.R_OK) else [],
        "hold": read_json(os.path.join(paths.own, "hold.json")),
        "backups": len(glob.glob(os.path.join(paths.shared, "backups", "*"))),
        "tools": {name: shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") for name in ("ss", "nginx", "sync")},
    }


def _current(paths):
    """The release that `current` in the application's folder leads to; root's link to ours there may have been changed."""
    top = read_link(os.path.join(paths.root, "current"))
    link = paths.current if top == "slots/current" else os.path.join(paths.root, "current")
    return os.path.basename(read_link(link) or "") or None


def read_with_base(paths, base):
    """The facts and, where asked for, the live release's list of files, which an upload starts from; without a very long one
    everything is sent."""
    facts = read(paths)
    live = facts["live"]
    if base and live and live["release"]:
        compact = djd_upload.compact(paths, live["release"])
        if len(compact) <= LARGEST_BASE:
            facts["base"] = base64.b64encode(compact).decode()
    return facts


def room(paths):
    """[{"folder", "freeKb", "inodes", "countsInodes"}] of each file system that the application lies on."""
    rows = []
    for folder in paths.volumes() or [_existing(paths.root)]:
        disk = os.statvfs(folder)
        free = disk.f_bavail * disk.f_frsize // 1024
        rows.append({"folder": folder, "freeKb": free, "inodes": disk.f_favail, "countsInodes": disk.f_files > 0})
    return rows


def full(paths):
    """A folder in which next to nothing can be written any more, or None."""
    found = [row for row in room(paths) if row["freeKb"] < 64 or (row["countsInodes"] and row["inodes"] < 4)]
    return found[0]["folder"] if found else None


def _existing(path):
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def _user():
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _os():
    rows = {}
    try:
        with open("/etc/os-release", encoding="utf-8") as file:
            for line in file:
                name, _, value = line.strip().partition("=")
                rows[name] = value.strip('"')
    except OSError:
        pass
    return {"id": rows.get("ID", platform.system()), "version": rows.get("VERSION_ID", ""), "name": rows.get("PRETTY_NAME", "")}


def _serving(paths, main, table):
    """What the live slot takes of the memory, in MiB: {"mainMb", "workersMb": [..]}; None where nothing runs."""
    if not main:
        return None
    own, *workers = djd_as_user.ask(paths, djd_seen.memory, [main, *sorted(processes.family(table, main) - {main})])
    return {"mainMb": own, "workersMb": sorted(workers)}


def _memory(name):
    try:
        with open("/proc/meminfo") as file:
            return int(re.search(name + r":\s+(\d+)", file.read()).group(1)) // 1024
    except (OSError, AttributeError):
        return 0


def pythons():
    """[{"path", "version", "venv"}], the agent's own first; real files, each once."""
    found, seen = [], set()
    candidates = [sys.executable] + sorted(glob.glob("/usr/bin/python3.*") + glob.glob("/usr/local/bin/python3.*"))
    for path in candidates:
        real = os.path.realpath(path)
        if real in seen or not re.search(r"/python3(\.\d+)?$", real) or not os.access(real, os.X_OK):
            continue
        seen.add(real)
        if path == sys.executable:
            version = platform.python_version()
            venv = importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None
        else:
            version, venv = _ask(real)
        if version:
            found.append({"path": real, "version": version, "venv": venv})
    return found


def _ask(python):
    code = "import platform,importlib.util as u;print(platform.python_version(),int(bool(u.find_spec('ensurepip'))))"
    try:
        done = subprocess.run([python, "-I", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10)
        version, venv = done.stdout.decode().split()
        return version, venv == "1"
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None, False


def _venvs(paths):
    rows = {}
    for file in glob.glob(os.path.join(paths.venvs, "*", ".djdeploy-ready.json")):
        folder = os.path.dirname(file)
        rows[os.path.basename(folder)] = dict(read_json(file, {}), runs=os.access(os.path.join(folder, "bin", "python"), os.X_OK))
    return rows
