"""Release states and what follows from them: manifests, the audit line, clean-up by state and reference."""
import os
import pwd
import shlex
import shutil
import time

import djd_as_user
import djd_env
import djd_manager as manager
import djd_processes as processes
import djd_slots as slots
import djd_static as static
import djd_upload as upload
import djd_work
from djd_paths import append_line, drop_unfinished, read_json, read_link, write_file, write_json

GOOD = ("live", "superseded")

MANAGE = """#!/bin/sh
# manage.py of the live release in its own environment, for cron and for people. Run it as %(user)s.
launch="$(dirname "$(readlink -f "$0")")/../current/.djdeploy/launch"
%(become)sexec "$launch" manage "$@"
"""


def names(paths):
    try:
        # A link is none of ours: where one user did both, the application could put one there.
        return sorted(entry.name for entry in os.scandir(paths.releases) if entry.is_dir(follow_symlinks=False))
    except FileNotFoundError:
        return []


def manifest(paths, release):
    return read_json(paths.manifest(release), {"id": release, "state": "failed"})


def update(paths, release, changes):
    record = read_json(paths.manifest(release), {"id": release})
    record.update(changes)
    os.makedirs(os.path.dirname(paths.manifest(release)), exist_ok=True)
    write_json(paths.manifest(release), record)
    return record


def listing(paths):
    live = slots.live(paths)[1]
    rows = []
    for name in names(paths):
        record = manifest(paths, name)
        record["live"] = name == live
        rows.append(record)
    return rows


def kept(paths, keep):
    """What stays: live, anything a slot names or a process uses, and the last `keep` good releases besides."""
    live = slots.live(paths)[1]
    stay = {live} if live else set()
    stay |= {os.path.basename(read_link(paths.slot(slot)) or "") for slot in (*manager.PLACES, *manager.processes(paths))}
    stay |= processes.used_releases(paths)
    good = [name for name in names(paths) if manifest(paths, name).get("state") in GOOD and name != live]
    stay |= set(good[-keep:] if keep else [])
    return stay


def clean(paths, keep, back=None, failed=1):
    """Deletes what nobody needs. The last failed release stays: it is the evidence. So does the one that a run may go back to:
    where slots share a port nothing names it any more.
    """
    stay = kept(paths, keep) | {back}
    broken = [name for name in names(paths) if manifest(paths, name).get("state") not in GOOD]
    stay |= set(broken[-failed:])
    removed = [name for name in names(paths) if name not in stay]
    for name in removed:
        upload.remove(paths, name)
    left = names(paths)
    venvs = _unused(paths, paths.venvs, {manifest(paths, name).get("venv") for name in left})
    versions = {read_json(os.path.join(paths.release(n), ".djdeploy", "launch.json"), {}).get("env") for n in left}
    for name in os.listdir(paths.env):
        if name.endswith(".json") and name != "store.json" and name[:-5] not in versions:
            os.unlink(os.path.join(paths.env, name))
    good = [name for name in left if manifest(paths, name).get("state") in GOOD]
    pruned = static.prune(paths, good)
    if paths.work:
        djd_as_user.ask(paths, djd_work.drop_others, left)
    runs = sorted(os.listdir(os.path.join(paths.own, "runs"))) if os.path.isdir(os.path.join(paths.own, "runs")) else []
    for name in runs[:-20]:
        shutil.rmtree(paths.runs(name), ignore_errors=True)
    own = [os.path.dirname(paths.manifest(name)) for name in left]
    # In root's folder nobody but root leaves anything.
    tops = [] if paths.public else [paths.root]
    for folder in (*tops, paths.own, paths.env, paths.run, paths.slots, *own):
        drop_unfinished(folder)
    return {"releases": removed, "venvs": venvs, "static": pruned}


def give_up(paths, release):
    """Takes away what a failed run put on a full disk, but for the record: its reason is worth more than its files."""
    if release == slots.live(paths)[1] or manifest(paths, release).get("state") in GOOD:
        return
    venv = os.path.join(paths.venvs, manifest(paths, release).get("venv") or "-")
    if not os.path.exists(os.path.join(venv, ".djdeploy-ready.json")):
        shutil.rmtree(venv, ignore_errors=True)
    static.drop(paths, release)
    folder, record = paths.release(release), paths.manifest(release)
    for base in (folder, os.path.dirname(record)):
        for entry in os.scandir(base) if os.path.isdir(base) else []:
            if entry.path not in (record, os.path.dirname(record)):
                shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)


def _unused(paths, folder, wanted):
    removed = []
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        if name not in wanted:
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
            removed.append(name)
    return removed


def write_manage(paths):
    """bin/manage: it finds the live release by itself, and runs it as the application's user also where we call it."""
    file, become = os.path.join(paths.bin, "manage"), ""
    if paths.runner:
        command = " ".join(shlex.quote(word) for word in djd_as_user.argv(paths))
        become = '[ "$(id -u)" != %d ] || exec %s "$launch" manage "$@"\n' % (os.getuid(), command)
        # This file is not root's, and what the application runs in a terminal of root's could type there.
        user = manager.owner(paths).get("deployer") or pwd.getpwuid(os.getuid()).pw_name
        become += '[ "$(id -u)" != 0 ] || { echo "not as root: runuser --pty -u %s -- $0 …" >&2; exit 1; }\n' % user
    text = (MANAGE % {"user": paths.runner or "the application's user", "become": become}).encode()
    try:
        with open(file, "rb") as there:
            if there.read() == text:
                return
    except OSError:
        pass
    os.makedirs(paths.bin, exist_ok=True)
    write_file(file, text, 0o755)


def finish(paths, release, previous, by):
    """The release is proven: it is live, the one before is superseded, and what the run was given is stored."""
    for name in names(paths):
        if name != release and manifest(paths, name).get("state") == "live":
            update(paths, name, {"state": "superseded"})
    record = update(paths, release, {"state": "live", "liveAt": time.time(), "previous": previous})
    spec = read_json(os.path.join(paths.release(release), ".djdeploy", "launch.json"), {})
    if spec.get("env"):
        djd_env.remember(paths, spec["env"], by)
    write_manage(paths)
    return record


def audit(paths, line):
    append_line(os.path.join(paths.own, "audit.jsonl"), dict(line, at=time.time()))


def journal(paths, line):
    append_line(os.path.join(paths.own, "journal.jsonl"), dict(line, at=time.time()))


def audit_lines(paths, count=200):
    try:
        with open(os.path.join(paths.own, "audit.jsonl"), encoding="utf-8") as file:
            return file.readlines()[-count:]
    except FileNotFoundError:
        return []
