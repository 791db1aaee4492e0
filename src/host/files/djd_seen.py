"""Processes as only their own user can see or signal them. Called as that user, so that it imports little."""
import os
import re

from djd_paths import read_json


def _stat(pid):
    # In bytes: a process chooses its name, which need not be text.
    with open("/proc/%d/stat" % pid, "rb") as file:
        fields = file.read().rsplit(b")", 1)[1].split()
    return fields[0], int(fields[1])


def table(paths):
    """[[pid, parent, cwd, service, mark, made]] of this user's processes whose working folder can be read."""
    found = []
    home = os.fsencode(os.path.join(os.path.realpath(paths.root), "shared", "home"))
    owner = read_json(paths.owner, {})
    others = "".join("|" + re.escape(name) for name in owner.get("processes", {}))
    unit = re.compile(r"/%s-(web@\w+%s)\.service$" % (re.escape(owner.get("app", "-")), others), re.M)
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        pid = int(name)
        try:
            if os.stat("/proc/%d" % pid).st_uid != os.getuid():
                continue
            state, parent = _stat(pid)
            if state == b"Z":
                continue
            cwd, (mark, made) = os.readlink("/proc/%d/cwd" % pid), _marks(pid, home)
            found.append([pid, parent, cwd, mark is not None or _in_unit(pid, unit), mark, made])
        except OSError:
            continue
    return found


def _in_unit(pid, unit):
    """Whether the manager started it, told by the unit it belongs to; where there are no units by the launcher's mark.
    A command that somebody runs in a release, by hand or from cron, is none."""
    try:
        with open("/proc/%d/cgroup" % pid, encoding="utf-8", errors="replace") as file:
            return unit.search(file.read()) is not None
    except OSError:
        return False


def _marks(pid, home):
    """The slot or process, and the release, as which the launcher of this application started it. Another application of the
    same user has marks, too, and its processes the same names: the home tells which one it is.
    """
    try:
        with open("/proc/%d/environ" % pid, "rb") as file:
            environ = file.read()
    except OSError:
        return None, None
    names = (b"DJDEPLOY_(?:SLOT|PROCESS)", b"DJDEPLOY_RELEASE", b"HOME")
    found = [re.search(rb"(?:^|\0)%s=([^\0]*)" % name, environ) for name in names]
    mark, made, lives = [one and one.group(1) for one in found]
    if lives != home:
        return None, None
    return tuple(one and one.decode("utf-8", "replace") for one in (mark, made))


def kill(_paths, pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def kill_group(_paths, group, number):
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        pass


def memory(_paths, pids):
    """Each process's own memory and its part of what it shares with others, in MiB."""
    return [_share(pid) for pid in pids]


def _share(pid):
    for file in ("smaps_rollup", "status"):
        try:
            with open("/proc/%d/%s" % (pid, file), "rb") as source:
                return int(re.search(rb"^(?:Pss|VmRSS):\s+(\d+)", source.read(), re.M).group(1)) // 1024
        except (OSError, AttributeError):
            continue
    return 0
