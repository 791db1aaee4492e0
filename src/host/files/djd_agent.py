"""The agent: lives on a host for the length of one run and does what the runner asks, one request after the other.

Each operation is a function `op_NAME(paths, args, request)`. A running step is not the agent's concern: that goes on, with
the lock, when the agent has ended, and the next agent finds its result.
"""
import importlib
import json
import os
import threading
import time

import djd_applied
import djd_as_user
import djd_channel as channel
import djd_collected
import djd_database
import djd_env
import djd_facts
import djd_inspection
import djd_lock
import djd_manners
import djd_releases
import djd_running
import djd_slots
import djd_static
import djd_steps
import djd_system
import djd_upload
from djd_paths import Paths, Refused, read_json, write_file, write_json


def op_facts(paths, args, _request):
    return djd_facts.read(paths)


def op_begin(paths, args, request):
    """Lock and facts in one round trip. args: {run, who, wait, lock: bool, base: bool}."""
    if not os.path.isdir(paths.own):
        return djd_facts.read(paths)
    if args.get("lock"):
        tell = lambda other: channel.send({"id": request["id"], "log": {"waiting": other}})  # noqa: E731
        djd_lock.take(paths, args["run"], args["who"], args.get("wait", 0), tell)
        # The lock may have been setup's, which moved the application to two users.
        paths.look()
        djd_as_user.start(paths)
    facts = djd_facts.read_with_base(paths, args.get("base"))
    facts["lock"] = None if args.get("lock") else facts["lock"]
    return facts


def op_system(_paths, args, _request):
    return djd_system.read(args["units"], args["commands"], args["userScope"])


def op_applied(paths, _args, _request):
    return djd_applied.read(paths)


def op_take_lock(paths, args, _request):
    """For setup, which moves what a deploy works with. args: {run, who}. Where a move was cut off, the folder of the lock may
    be another user's already: then it is held without a name beside it.
    """
    try:
        djd_lock.take(paths, args["run"], args["who"])
    except PermissionError:
        if djd_lock.held is None:
            raise
    return {}


def op_unlock(paths, args, _request):
    djd_lock.release(paths)
    return {}


def op_end_holder(paths, args, _request):
    record = djd_lock.holder(paths)
    if not record:
        return {"ended": [], "free": True}
    if record.get("run"):
        # Its runner may live on and come back: from now on that run is refused.
        write_json(os.path.join(paths.own, "ended.json"), {"run": record["run"], "by": args["actor"], "reason": args["reason"]})
    ended = djd_lock.end_holder(paths, record)
    djd_releases.audit(paths, {"event": "unlock", "reason": args["reason"], "actor": args["actor"], "holder": record})
    return {"ended": ended, "free": djd_lock.holder(paths) is None}


def op_step(paths, args, request):
    """args: {run, step, script, args: [..], env, cwd, keepLock, givesWay, asUser, from}."""
    return _told(paths, _step(paths, args, request)[0])


def op_inspect(paths, args, request):
    """A step that leaves an answer in a file and goes on: {"answer", "ended", "offset"}; no answer in time ends it.

    args: those of a step, release, patience (seconds), live (the live release is asked for its databases meanwhile:
    `live`, or `liveUnknown`, which says why not).
    """
    beside = djd_applied.ask(paths) if args.get("live") and djd_slots.live(paths)[1] else None
    asked, limit = djd_inspection.Inspection(paths, args), time.monotonic() + args["patience"]
    ended, offset = _step(paths, args, request, asked, lambda: time.monotonic() > limit)
    answer = asked.answer()
    if not ended and isinstance(answer, dict) and answer.get("failure"):
        # It ends by itself now, and what it said of the failure may still be on its way to the log. A thread of the project's
        # may keep it from ending.
        soon = time.monotonic() + 10
        _ended, offset = _step(paths, dict(args, **{"from": offset}), request, too_late=lambda: time.monotonic() > soon)
    if answer is None and not ended:
        djd_steps.end(paths, args["run"], args["step"])
    late = answer is None and time.monotonic() > limit
    told = {"answer": answer, "ended": _told(paths, dict(ended, timedOut=late)) if ended else None, "offset": offset}
    if beside:
        try:
            told["live"] = djd_applied.answer(beside)
        except Refused as error:
            told["liveUnknown"] = str(error)
    return told


def _told(paths, ended):
    """A program rarely says that it ran out of space or inodes: what failed comes with what the host knows of that."""
    return ended if ended["code"] == 0 else dict(ended, full=djd_facts.full(paths))


def _step(paths, args, request, inspection=None, too_late=lambda: False):
    folder = paths.runs(args["run"])
    os.makedirs(folder, mode=0o750 if paths.runner else 0o700, exist_ok=True)
    script = os.path.join(folder, args["step"] + ".sh")
    if not os.path.exists(script):
        write_file(script, args["script"].encode(), paths.handed(0o600))
    other = paths.runner and args.get("asUser")
    home = os.path.join(paths.shared if other or not paths.runner else paths.root, "home")
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": home}
    env.update(args["env"])
    env["DJD_SITE"] = paths.root
    if inspection:
        env.update(inspection.env)
    log = lambda text: channel.send({"id": request["id"], "log": text})  # noqa: E731
    cwd = args.get("cwd") or paths.root
    stop = lambda: channel.cancelled.is_set() or too_late()  # noqa: E731
    return djd_steps.run(
        paths, args["run"], args["step"], ["/bin/sh", script, *args.get("args", [])], env, cwd, log,
        args.get("keepLock", False), stop, args.get("from", 0), inspection and inspection.file,
        args.get("givesWay", False), args.get("asUser", False), inspection and inspection.look,
    )  # fmt: skip


def op_end_step(paths, args, _request):
    djd_steps.end(paths, args["run"], args["step"])
    return {}


def op_packages(paths, args, _request):
    """What is installed in a virtual environment: {"packages", "python"}; empty when it is not ready."""
    return read_json(os.path.join(paths.venvs, args["venv"], ".djdeploy-ready.json"), {})


def op_upload(paths, args, request):
    if args.get("manifest"):
        os.makedirs(os.path.join(paths.release(args["release"]), ".djdeploy"), exist_ok=True)
        djd_releases.update(paths, args["release"], args["manifest"])
    return djd_upload.receive(paths, args, request["data"])


def op_update(paths, args, _request):
    return djd_releases.update(paths, args["release"], args["changes"])


def op_env(paths, args, _request):
    """args: {version, required, vars, varsOf, given, write, release}. Answers {"ok", "missing", "fingerprint", "names"}; no
    values.

    varsOf: a release that the vars are taken from; release: the one whose manifest gets the fingerprint.
    """
    plain = _version_of(paths, args["varsOf"])["vars"] if args.get("varsOf") else args["vars"]
    values, missing = djd_env.compose(paths, args["required"], plain, args["given"])
    if missing or not args.get("write", True):
        told = {"missing": missing, "fingerprint": djd_env.fingerprint(values), "names": sorted(values)}
        return dict(told, ok=not missing)
    answer = djd_env.write_version(paths, args["version"], values, plain, args["given"])
    if args.get("release"):
        djd_releases.update(paths, args["release"], {"values": answer["fingerprint"]})
    return dict(answer, ok=True, missing=[])


def _version_of(paths, release):
    """The version that a release points at."""
    spec = read_json(os.path.join(paths.release(release), ".djdeploy", "launch.json"), {})
    record = read_json(paths.env_version(spec.get("env", "-")))
    if record is None:
        raise Refused("env.version-missing", "the environment of release %s is gone" % release)
    return record


def op_secrets(paths, _args, _request):
    """Answers {"values", "left"}: what the runner hides, the shortest first; left: how many are too large together."""
    return djd_env.secret_values(paths)


def op_env_list(paths, args, _request):
    return djd_env.listing(paths)


def op_env_change(paths, args, _request):
    return djd_env.change(paths, args["put"], args["drop"], args["generate"], args["by"])


def op_launch(paths, args, _request):
    """Writes what the launcher of a release reads."""
    file = os.path.join(paths.release(args["release"]), ".djdeploy", "launch.json")
    write_json(file, dict(read_json(file, {}), **args["spec"]))
    djd_slots.ensure_token(paths, args["release"])
    return {}


def op_share(paths, args, _request):
    notes = []
    for row in args["shared"]:
        path = row["path"].rstrip("/")
        notes.append(djd_inspection.keep(paths, args["release"], path, row.get("target"), row["directory"]))
    return {"notes": [note for note in notes if note]}


def op_static_link(paths, args, _request):
    djd_collected.fetch(paths, args["release"])
    release = paths.release(args["release"])
    link, place = os.path.join(release, ".djdeploy", "static"), djd_collected.place(paths, args["path"])
    if not os.path.lexists(link):
        os.symlink(os.path.relpath(os.path.join(release, place), os.path.dirname(link)), link)
    return {}


def op_static_share(paths, args, _request):
    kept = sorted(djd_releases.kept(paths, args["keep"]))
    answer = djd_static.share(paths, args["release"], kept)
    folder = djd_static.tree(paths, args["release"])
    answer["files"] = sum(len(files) for _, _, files in os.walk(folder)) if folder else 0
    return answer


def op_finish(paths, args, _request):
    record = djd_releases.finish(paths, args["release"], args.get("previous"), args["by"])
    djd_releases.journal(paths, {"event": "live", "run": args["run"], "release": args["release"]})
    return record


def op_clean(paths, args, _request):
    return djd_releases.clean(paths, args["keep"], args.get("back"))


def op_give_up(paths, args, _request):
    djd_releases.give_up(paths, args["release"])
    return {}


def op_audit(paths, args, _request):
    djd_releases.audit(paths, args["line"])
    return {}


def op_hold(paths, args, _request):
    """args: {hold: {..} or null, by}."""
    file = os.path.join(paths.own, "hold.json")
    if args["hold"]:
        write_json(file, args["hold"])
    elif os.path.exists(file):
        os.unlink(file)
    djd_releases.audit(paths, {"event": "hold", "actor": args["by"], "hold": args["hold"]})
    return {}


def op_backup(paths, args, _request):
    return djd_database.backup(paths, args["files"], args["label"], args["keep"])


def op_attempts(paths, args, _request):
    return [json.loads(line) for line in djd_releases.audit_lines(paths)]


def named(module):
    """The operations of a module by the names they are asked for."""
    prefix = "op_"
    return {name[len(prefix):].replace("_", "-"): act for name, act in module.items() if name.startswith(prefix)}


def main(site):
    os.umask(0o022)
    paths = Paths(site)
    operations = {**named(globals()), **named(vars(djd_running))}
    for heavy in ("upload", "static-share", "clean"):
        operations[heavy] = djd_manners.aside(operations[heavy])
    # The first look at the site needs it, and the host mostly waits before that.
    threading.Thread(target=importlib.import_module, args=("djd_http",), daemon=True).start()
    channel.serve(operations, paths)
