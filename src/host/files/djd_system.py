"""What the doctor asks of a host besides the facts, as the deploying user; changes nothing. What can not be learned is None."""
import os
import re
import subprocess
import time

LISTS = "/var/lib/apt/lists"


def read(units, commands, user_scope):
    """units: names for systemctl; commands: argv of root's that sudo must allow."""
    return {
        "rebootFor": _reboot(),
        "securityUpdates": _updates(),
        "listsAgeDays": _age(),
        "units": {name: _unit(name, user_scope) for name in units},
        "sudo": [_allowed(argv) for argv in commands],
    }


def _reboot():
    """The packages that want one; None where none does, [] where it is not said which."""
    if not os.path.exists("/run/reboot-required"):
        return None
    try:
        with open("/run/reboot-required.pkgs", encoding="utf-8", errors="replace") as file:
            return sorted({line.strip()[:100] for line in file if line.strip()})[:20]
    except OSError:
        return []


def _updates():
    """How many packages have a security update, as the lists on the host know it."""
    said = _say(["apt-get", "-s", "-q", "-o", "Debug::NoLocking=true", "dist-upgrade"], 60)
    if said is None:
        return None
    return len([line for line in said.splitlines() if line.startswith("Inst ") and re.search(r"security", line, re.I)])


def _age():
    """Days since the lists of packages were read."""
    try:
        times = [os.stat(os.path.join(LISTS, name)).st_mtime for name in os.listdir(LISTS) if name.endswith("Release")]
        return max(0.0, (time.time() - max(times)) / 86400) if times else None
    except OSError:
        return None


def _unit(name, user_scope):
    """{"enabled", "active"} in systemd's words; "" where it says nothing."""
    argv = ["systemctl", *(["--user"] if user_scope else [])]
    words = [(_say([*argv, word, name], 20, True) or "").strip().split("\n")[0][:40] for word in ("is-enabled", "is-active")]
    return {"enabled": words[0], "active": words[1]}


def _allowed(argv):
    try:
        done = subprocess.run(["sudo", "-n", "-l", *argv], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)
        return done.returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _say(argv, limit, whatever=False):
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "XDG_RUNTIME_DIR": "/run/user/%d" % os.getuid()}
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=limit, env=env)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout[: 1 << 20].decode(errors="replace") if whatever or done.returncode == 0 else None
