"""Which processes of this user run which release: the working folder tells, command lines and interpreters do not."""
import os
import re

from djd_paths import read_json


def _stat(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return fields[0], int(fields[1])


def mine(paths):
    """{pid: {"parent", "cwd", "service"}} for every living process of this user whose working folder can be read."""
    found = {}
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
            found[pid] = {"parent": parent, "cwd": os.readlink("/proc/%d/cwd" % pid), "service": _service(pid, unit)}
        except OSError:
            continue
    return found


def _service(pid, unit):
    """Whether the manager started it: told by the unit it belongs to, or by the launcher's mark where there are no units.
    A command that somebody runs in a release, by hand or from cron, is none."""
    try:
        with open("/proc/%d/cgroup" % pid) as file:
            if unit.search(file.read()):
                return True
    except OSError:
        pass
    try:
        with open("/proc/%d/environ" % pid, "rb") as file:
            return re.search(b"(^|\0)DJDEPLOY_(SLOT|PROCESS)=", file.read()) is not None
    except OSError:
        return False


def started_as(paths, name):
    """The main process that the launcher started as a slot or process, told by its mark; 0 = none."""
    table = mine(paths)
    found = marked(name, table)
    return min((pid for pid in found if table[pid]["parent"] not in found), default=0)


def marked(name, table):
    """All that came of a slot or process, told by the launcher's mark: also what outlived its parent."""
    found = set()
    for pid in table:
        try:
            with open("/proc/%d/environ" % pid, "rb") as file:
                if re.search(rb"(^|\0)DJDEPLOY_(SLOT|PROCESS)=%s(\0|$)" % re.escape(name.encode()), file.read()):
                    found.add(pid)
        except OSError:
            continue
    return found


def is_shell(pid):
    """Whether it is the shell that stands in front of a command."""
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return os.path.basename(file.read().split(b"\0", 1)[0]) in (b"sh", b"dash", b"bash")
    except OSError:
        return False


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
