"""Which processes of this user run which release: the working folder tells, command lines and interpreters do not."""
import os
import re

import djd_as_user
from djd_paths import read_json


def _stat(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return fields[0], int(fields[1])


def mine(paths):
    """{pid: {"parent", "cwd", "service", "mark"}} for every living process of the application's user.

    service: the manager started it; mark: as what the launcher did, a slot or process, or None.
    """
    keys = ("parent", "cwd", "service", "mark")
    return {row[0]: dict(zip(keys, row[1:])) for row in djd_as_user.ask(paths, table)}


def table(paths):
    """[[pid, parent, cwd, service, mark]] of this user's processes whose working folder can be read."""
    found = []
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
            if state == "Z":
                continue
            cwd, mark = os.readlink("/proc/%d/cwd" % pid), _mark(pid)
            found.append([pid, parent, cwd, mark is not None or _in_unit(pid, unit), mark])
        except OSError:
            continue
    return found


def _in_unit(pid, unit):
    """Whether the manager started it, told by the unit it belongs to; where there are no units by the launcher's mark.
    A command that somebody runs in a release, by hand or from cron, is none."""
    try:
        with open("/proc/%d/cgroup" % pid) as file:
            return unit.search(file.read()) is not None
    except OSError:
        return False


def _mark(pid):
    try:
        with open("/proc/%d/environ" % pid, "rb") as file:
            found = re.search(rb"(?:^|\0)DJDEPLOY_(?:SLOT|PROCESS)=([^\0]*)", file.read())
            return found.group(1).decode("utf-8", "replace") if found else None
    except OSError:
        return None


def started_as(paths, name):
    """The main process that the launcher started as a slot or process, told by its mark; 0 = none."""
    table = mine(paths)
    found = marked(name, table)
    return min((pid for pid in found if table[pid]["parent"] not in found), default=0)


def marked(name, table):
    """All that came of a slot or process, told by the launcher's mark: also what outlived its parent."""
    return {pid for pid, row in table.items() if row["mark"] == name}


def is_shell(pid):
    """Whether it is the shell that stands in front of a command."""
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return os.path.basename(file.read().split(b"\0", 1)[0]) in (b"sh", b"dash", b"bash")
    except OSError:
        return False


def signal(paths, pids, number):
    """Signals processes of the application's user; one that is gone is none."""
    djd_as_user.ask(paths, kill, sorted(pids), int(number))


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
            with open("/proc/%d/%s" % (pid, file)) as source:
                return int(re.search(r"^(?:Pss|VmRSS):\s+(\d+)", source.read(), re.M).group(1)) // 1024
        except (OSError, AttributeError):
            continue
    return 0


def release_of(paths, cwd):
    prefix = paths.releases + "/"
    if not cwd.startswith(prefix):
        return None
    return cwd[len(prefix):].split("/", 1)[0].replace(" (deleted)", "")


def family(table, main):
    """The main process and all that descend from it."""
    members, grown = {main}, True
    while grown:
        grown = False
        for pid, row in table.items():
            if row["parent"] in members and pid not in members:
                members.add(pid)
                grown = True
    return {pid for pid in members if pid in table}


def used_releases(paths):
    """Names of the releases in which any process of this user works, and the virtual environments they need."""
    return {name for name in (release_of(paths, row["cwd"]) for row in mine(paths).values()) if name}
