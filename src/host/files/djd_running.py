"""The agent's operations on what runs: slots and the port they share, the proof, and the other processes."""
import concurrent.futures
import os

import djd_port
import djd_probe
import djd_proof
import djd_releases
import djd_retire
import djd_services
import djd_slots
from djd_paths import head


def op_boot(paths, args, _request):
    djd_slots.boot(paths, args["slot"], args["release"])
    return {}


def op_wait_boot(paths, args, _request):
    return djd_slots.wait_boot(paths, args["slot"], args["release"], args["request"], args["deadline"])


def op_probe(paths, args, _request):
    return djd_slots.probe_slot(
        paths, args["slot"], args["release"], args["request"], args["deadline"], args["successes"]
    )


def op_serves(paths, args, _request):
    """What visitors get, and who runs: {"ok", "answer", "proof"}."""
    token = djd_probe.token(paths, args["release"])
    for _ in range(2):  # a server may end the worker that answered (max_requests) before it is looked at
        answer = djd_probe.until_good(
            args["where"], args["request"], token, args["release"], args["deadline"], args["successes"], None
        )
        proof = djd_proof.prove(paths, args["slot"], args["release"], answer["pids"])
        if not answer["ok"] or proof["ok"] or any(os.path.exists("/proc/%d" % pid) for pid in answer["pids"]):
            break
    mixed = djd_proof.wrong_packages(paths, args["release"], answer["seen"]) if answer["ok"] and proof["ok"] else None
    if mixed:
        proof.update(ok=False, problem=mixed)
    proof["survivors"] = djd_proof.survivors(paths, args["release"])
    return {"ok": answer["ok"] and proof["ok"], "answer": answer, "proof": proof}


def op_alive(paths, args, _request):
    """Whether the release still runs, without a question: a busy site may let that wait for long."""
    return djd_proof.prove(paths, args["slot"], args["release"], None)


def op_run_it(paths, args, _request):
    """Whether processes run a release, where no web server does: args {release, names}."""
    rows = djd_services.check(paths, args["release"], args["names"])
    left = djd_proof.survivors(paths, args["release"])
    return {"ok": not left and all(row["problem"] is None for row in rows), "rows": rows, "survivors": left}


def op_look(paths, args, _request):
    """One request through the front door or to a slot: what is served now. `ok` as far as `expect` says what should be."""
    release = args.get("release")
    token = djd_probe.token(paths, release) if release else None
    where = args["where"]
    if "slot" in where:
        where = {"socket": paths.socket(where["slot"])}
    seen = djd_probe.ask(where, args["request"], token)
    seen["body"] = head(seen["body"], 2000)
    if "expect" in args:
        seen["ok"] = seen["error"] is None and args["expect"] in (None, seen["release"])
    return seen


def op_sync(paths, args, _request):
    djd_slots.sync(paths)
    return {}


def op_switch(paths, args, _request):
    djd_releases.update(paths, args["release"], {"state": "switched"})
    answer = djd_slots.switch(paths, args["slot"], args["release"])
    djd_releases.journal(paths, {"event": "switch", "run": args["run"], "release": args["release"], "slot": args["slot"]})
    return answer


def op_switch_back(paths, args, _request):
    return djd_slots.switch_back(paths, args["slot"], args["release"])


def op_join(paths, args, _request):
    return djd_port.join(
        paths, args["slot"], args["release"], args["where"], args["request"], args["deadline"], args["successes"],
        args["beside"],
    )  # fmt: skip


def op_point(paths, args, _request):
    djd_slots.point(paths, args["slot"], args["release"])
    return {}


def op_take(paths, args, _request):
    return djd_port.take(
        paths, args["slot"], args["release"], args["where"], args["request"], args["deadline"], args["successes"]
    )


def op_leave(paths, args, _request):
    return djd_port.leave(paths, args["slot"], args["min"])


def op_port_back(paths, args, _request):
    djd_port.back(paths, args["slot"], args["release"], args["failed"], args["where"], args["alone"])
    return {}


def op_drain(paths, args, _request):
    return djd_retire.drain(paths, args["slot"], args["min"], args["max"])


def op_retire(paths, args, _request):
    """args: {slot, release: that stays, so that older ones are swept (or none), unseen, patience, finishes, limit}."""
    known = ("unseen", "patience", "finishes", "limit")
    ended = djd_retire.retire(paths, args["slot"], **{name: args[name] for name in known if name in args})
    swept = djd_retire.sweep(paths, args["release"], args["limit"]) if args.get("release") else {"ended": [], "survivors": []}
    return {**ended, **swept}


def op_sweep(paths, args, _request):
    return djd_retire.sweep(paths, args["release"], args["limit"])


def op_mend(paths, args, _request):
    djd_slots.mend(paths, args)
    return {}


def op_halt(paths, args, _request):
    """Stops processes that are not to run here."""
    for name in args["names"]:
        djd_services.halt(paths, name)
    return {}


def op_processes(paths, args, _request):
    """args: {release, processes: [{name, uptime}], deadline}. All at once; answers a row for each."""
    wanted = args["processes"]
    patience = djd_services.PATIENCE
    with concurrent.futures.ThreadPoolExecutor(len(wanted)) as pool:
        answers = pool.map(
            lambda one: djd_services.restart(
                paths, one["name"], args["release"], one["uptime"], args["deadline"], one.get("patience", patience)
            ),
            wanted,
        )
        return [dict(answer, name=one["name"]) for one, answer in zip(wanted, answers)]
