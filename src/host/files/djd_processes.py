"""Which processes of this user run which release: the working folder tells, command lines and interpreters do not."""
import os
import re

import djd_as_user
import djd_seen


def mine(paths):
    """{pid: {"parent", "cwd", "service", "mark", "made"}} for every living process of the application's user.

    service: the manager started it; mark: as what the launcher did, a slot or process, or None; made: of which release.
    """
    keys = ("parent", "cwd", "service", "mark", "made")
    return {row[0]: dict(zip(keys, row[1:])) for row in djd_as_user.ask(paths, djd_seen.table)}


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
    djd_as_user.ask(paths, djd_seen.kill, sorted(pids), int(number))


def release_of(paths, cwd):
    prefix = paths.releases + "/"
    if not cwd.startswith(prefix):
        return None
    return cwd[len(prefix):].split("/", 1)[0].replace(" (deleted)", "")


def not_of(paths, row, release):
    """The other release that a service process is of; None for one of this release and for what is none.

    Where it works tells, and of a daemon that went elsewhere, to / as daemons do, what the launcher gave it.
    """
    name = release_of(paths, row["cwd"])
    if name is None and row["mark"] is not None and row["made"] is not None:
        name = row["made"] if re.fullmatch(r"[\w.-]{1,80}", row["made"]) else "?"  # its own words by now
    return name if row["service"] and name != release else None


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
