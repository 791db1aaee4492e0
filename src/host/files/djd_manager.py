"""The process manager, steered by exactly the commands that `setup` allowed and wrote into owner.json."""
import os
import re
import subprocess
import time

import djd_processes
from djd_paths import Refused, read_json, tail

# In the order of the numbers under which supervisord knows the processes of a port.
PLACES = ("blue", "green", "probe")


def owner(paths):
    record = read_json(paths.owner)
    if not record:
        raise Refused("host.not-set-up", "%s is not there" % paths.owner)
    return record


def places(paths):
    """What can be started: the two slots, and on a port the private boot; nothing where no web server runs."""
    return owner(paths)["manager"].get("places", PLACES[:2])


def processes(paths):
    """Names of the other processes that `setup` wired."""
    return sorted((read_json(paths.owner) or {}).get("processes", {}))


def wiring(paths, name):
    """The commands for a slot, or for another process."""
    record = owner(paths)
    if name in PLACES:
        return record["manager"]
    if name not in record.get("processes", {}):
        raise Refused("process.not-set-up", "setup did not wire the process %s" % name)
    return record["processes"][name]


def call(paths, verb, slot, timeout=120):
    """Runs one of the wired commands; returns (code, output)."""
    argv = wiring(paths, slot).get(verb)
    if not argv or (slot in PLACES and slot not in places(paths)):
        return 0, ""
    if slot in PLACES:
        argv = [word.replace("{slot}", slot).replace("{number}", str(PLACES.index(slot))) for word in argv]
    env = dict(os.environ, XDG_RUNTIME_DIR="/run/user/%d" % os.getuid())  # by which systemctl --user finds its systemd
    out = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    try:
        done = subprocess.run(argv, env=env, timeout=timeout, **out)
    except FileNotFoundError:
        return 127, "%s: not found" % argv[0]
    except subprocess.TimeoutExpired:
        return 124, "%s: no answer after %d s" % (" ".join(argv), timeout)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def state(paths, slot):
    """{"up", "pid", "stopping", "failed", "restarts", "text"}: what the manager says of a slot or process. Exit codes are not believed."""
    code, text = call(paths, "status", slot, 30)
    if owner(paths)["manager"]["kind"] == "systemd":
        rows = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        pid = int(rows.get("MainPID", "0") or 0)
        active = rows.get("ActiveState", "unknown")
        failed = active == "failed" or rows.get("SubState") == "auto-restart" or rows.get("Result", "success") != "success"
        return {
            "up": active == "active" and pid > 0,
            "pid": pid,
            "stopping": active == "deactivating" and pid > 0,
            "failed": failed,
            "restarts": int(rows.get("NRestarts", "0") or 0),
            "text": " ".join("%s=%s" % item for item in sorted(rows.items())) or text.strip(),
        }
    match = re.search(r"\b(RUNNING|STARTING|STOPPED|STOPPING|EXITED|BACKOFF|FATAL|UNKNOWN)\b(?:\s+pid (\d+))?", text)
    word = match.group(1) if match else "UNKNOWN"
    pid = int(match.group(2) or 0) if match else 0
    if word == "STOPPING":  # it names no pid, and what was told to stop may go on for long
        pid = djd_processes.started_as(paths, slot)
    return {
        "up": word == "RUNNING" and pid > 0,
        "pid": pid,
        "stopping": word == "STOPPING" and pid > 0,
        "failed": word in ("EXITED", "BACKOFF", "FATAL"),
        "restarts": 0,
        "text": tail(text.strip(), 300),
    }


def start(paths, slot):
    code, text = call(paths, "start", slot)
    if code != 0 and wiring(paths, slot).get("reset"):
        call(paths, "reset", slot)  # a start limit of earlier attempts must not refuse this one
        code, text = call(paths, "start", slot)
    if code != 0 and not state(paths, slot)["up"]:
        raise Refused("manager.start", "the process manager did not start %s" % slot, output=text, exit=code)


def stop(paths, slot):
    """Asks for a graceful stop and waits for it (the manager's own stop timeout is the limit)."""
    code, text = call(paths, "stop", slot, 3600)
    now = state(paths, slot)
    while now["stopping"]:  # told by somebody before us: supervisord does not wait for it then
        time.sleep(0.1)
        now = state(paths, slot)
    if now["up"]:
        raise Refused("manager.stop", "the process manager did not stop %s" % slot, output=text, exit=code, state=now["text"])


def log(paths, slot):
    return call(paths, "log", slot, 30)[1]
