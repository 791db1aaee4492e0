"""The process manager, steered by exactly the commands that `setup` allowed and wrote into owner.json."""
import os
import re
import signal
import subprocess
import threading
import time

import djd_processes
from djd_paths import Refused, read_json, tail

# In the order of the numbers under which supervisord knows the processes of a port.
PLACES = ("blue", "green", "probe")
# Where setup writes what supervisord is told of an application.
PROGRAMS = "/etc/supervisor/conf.d/%s-web.conf"
# Seconds: the longest that a manager may take to stop something, and what it has for the rest when its own limit is over.
LONGEST, MARGIN = 3600, 10
# How many lines of a log setup wired (services/wiring.ts), and how many are looked through for where a release began.
WIRED_LINES, READ_LINES = "60", "1000"


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


def call(paths, verb, slot, timeout=120, instead=None):
    """Runs one of the wired commands, with other words `instead` of some; returns (code, output)."""
    argv = _argv(paths, verb, slot)
    if not argv:
        return 0, ""
    if instead:
        argv = [instead.get(word, word) for word in argv]
    env = dict(os.environ, XDG_RUNTIME_DIR="/run/user/%d" % os.getuid())  # by which systemctl --user finds its systemd
    out = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    try:
        process = subprocess.Popen(argv, env=env, **out)
        text = process.communicate(timeout=timeout)[0]
    except FileNotFoundError:
        return 127, "%s: not found" % argv[0]
    except subprocess.TimeoutExpired:  # sudo is root's: it can not be killed, and to wait until it ends would be without end
        return 124, "%s: no answer after %d s" % (" ".join(argv), timeout)
    return process.returncode, text.decode("utf-8", "replace")


def _argv(paths, verb, slot):
    argv = wiring(paths, slot).get(verb)
    if not argv or (slot in PLACES and slot not in places(paths)):
        return None
    if slot in PLACES:
        return [word.replace("{slot}", slot).replace("{number}", str(PLACES.index(slot))) for word in argv]
    return argv


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
    if word == "STOPPING" and not pid:  # supervisorctl names none, and what was told to stop may go on for long
        pid = _stopping(paths, slot)
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


def _stopping(paths, slot):
    """What supervisord says when it is asked for nothing but the pid; the launcher's mark is the program's own to forget."""
    text = call(paths, "status", slot, 30, {"status": "pid"})[1].strip()
    return int(text) if text.isdigit() else djd_processes.started_as(paths, slot)


def stop(paths, slot):
    """Asks for a graceful stop and waits for it (the manager's own stop timeout is the limit)."""
    limit = _limit(paths, slot) + MARGIN
    until = time.monotonic() + limit + MARGIN
    late = threading.Timer(limit, _kill, (paths, slot))
    late.daemon = True
    late.start()
    try:
        code, text = call(paths, "stop", slot, limit + MARGIN)
        now = state(paths, slot)
        while now["stopping"] and time.monotonic() < until:  # told by somebody before us: supervisord does not wait for it then
            time.sleep(0.1)
            now = state(paths, slot)
    finally:
        late.cancel()
    if now["up"] or now["stopping"]:
        raise Refused("manager.stop", "the process manager did not stop %s" % slot, output=text, exit=code, state=now["text"])


def _limit(paths, slot):
    """Seconds after which the manager itself kills what it was told to stop, as far as it may."""
    record, argv = owner(paths), _argv(paths, "stop", slot)
    if record["manager"]["kind"] == "systemd" or not argv:
        return LONGEST  # it kills whatever is in the unit
    name = argv[-1].split(":")[0]
    try:
        with open(PROGRAMS % record["app"], encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return LONGEST
    part = re.search(r"^\[(?:fcgi-)?program:%s\]$([^[]*)" % re.escape(name), text, re.M)
    said = part and re.search(r"^stopwaitsecs=(\d+)$", part.group(1), re.M)
    return min(int(said.group(1)), LONGEST) if said else LONGEST


def _kill(paths, slot):
    """Kills the main process, which the manager's own KILL did not reach: supervisord sends it to the process group that it
    made, and any program may leave that one for another of supervisord's programs.
    """
    try:
        main = state(paths, slot)["pid"]
        if main:
            djd_processes.signal(paths, [main], signal.SIGKILL)
    except (Refused, OSError):
        pass  # the manager says how it is


def log(paths, slot, release):
    """The last lines of what the release said in its log since it was started there first.

    That line may stand far above: what ends is started again and again, and each time every worker says why.
    """
    text = call(paths, "log", slot, 30, {WIRED_LINES: READ_LINES})[1]
    said = text.split("djdeploy: %s starts\n" % release, 1)[-1]
    return "".join(said.splitlines(True)[-int(WIRED_LINES):])
