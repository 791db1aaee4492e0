"""The channel to the runner: requests come on standard input, answers go to standard output.

A request is one JSON line, {"id", "op", "args", "chain", "blob": LENGTH}, and LENGTH bytes. Answers are JSON lines:
{"id", "log"}, {"id", "ok"}, {"id", "refused": {code, message, data}}, {"id", "crash"}, {"id", "skipped"}. What each
operation takes and answers stands in src/host/protocol.ts. {"op": "ping"} is answered at once with {"pong": 1}. Requests of
one chain are sent together, to cost one round trip: when one fails, or its answer says `"ok": false`, those behind it are
skipped. The agent holds the lock, so it ends when the runner does: on the end of input, or when nothing (not even a ping)
has come for HEARTBEAT seconds.
"""
import json
import os
import queue
import select
import signal
import sys
import threading
import time
import traceback

import djd_lock
from djd_paths import Refused, tail

HEARTBEAT = float(os.environ.get("DJDEPLOY_HEARTBEAT", "30"))
# Short acts that are finished even when the runner is gone: between them the host's state is whole.
WHOLE = {"mend", "switch", "switch-back", "port-back", "finish", "update", "env-change", "launch"}
# Those with a deadline of their own: a worker may take minutes to finish its task, and half of them would run on.
PATIENT = {"processes", "halt"}

output = threading.Lock()
requests = queue.Queue()
cancelled = threading.Event()
busy_with = None


def send(message):
    data = (json.dumps(message) + "\n").encode()
    with output:
        try:
            while data:
                data = data[os.write(1, data):]
        except OSError:
            leave()


def leave():
    try:
        djd_lock.note_leaving()
    except Exception:
        pass  # a full disk: the next run waits for the step without being told whose it is
    deadline = time.monotonic() + 5
    aside = threading.current_thread() is not threading.main_thread()
    while aside and (busy_with in PATIENT or (busy_with in WHOLE and time.monotonic() < deadline)):
        time.sleep(0.01)
    os._exit(0)


def reader():
    """Whatever ends the reading ends the agent: without it nobody would know that the runner is gone."""
    try:
        _read()
    finally:
        leave()


def _read():
    buffer = b""

    def fill():
        nonlocal buffer
        ready, _, _ = select.select([0], [], [], HEARTBEAT)
        data = os.read(0, 1 << 18) if ready else b""
        if not data:
            leave()
        buffer += data

    while True:
        while b"\n" not in buffer:
            fill()
        line, buffer = buffer.split(b"\n", 1)
        request = json.loads(line)
        pieces, missing = [], request.get("blob", 0)
        while missing:
            if not buffer:
                fill()
            pieces.append(buffer[:missing])
            missing -= len(pieces[-1])
            buffer = buffer[len(pieces[-1]):]
        request["data"] = b"".join(pieces)
        if request["op"] == "ping":
            send({"pong": 1})  # also while an operation is at work: the runner tells a long one from a host that hangs
            continue
        if request["op"] == "cancel":
            cancelled.set()
            continue
        requests.put(request)


def serve(operations, paths):
    """Answers one request after the other, for ever. operations: name -> function(paths, args, request)."""
    global busy_with
    threading.Thread(target=reader, daemon=True).start()
    # The next agent of the same run sends this one away when its connection was lost and it does not know yet.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=leave).start())
    # A login shell may have left a line open: a prompt, an echo -n.
    os.write(1, b"\n")
    send({"hello": 1, "python": sys.version.split()[0]})
    broken = set()
    while True:
        request = requests.get()
        chain = request.get("chain")
        if chain in broken:
            send({"id": request["id"], "skipped": True})
            continue
        busy_with = request["op"]
        answer = _answer(operations, paths, request)
        busy_with = None
        told = answer.get("ok")
        if chain is not None and ("ok" not in answer or (isinstance(told, dict) and told.get("ok") is False)):
            broken.add(chain)
        send(dict(answer, id=request["id"]))


def _answer(operations, paths, request):
    try:
        return {"ok": operations[request["op"]](paths, request.get("args", {}), request)}
    except Refused as error:
        return {"refused": {"code": error.code, "message": str(error), "data": error.data}}
    except OSError as error:
        told = {"errno": error.errno, "file": str(error.filename or ""), "trace": tail(traceback.format_exc(), 1500)}
        return {"refused": {"code": "host.os", "message": str(error), "data": told}}
    except Exception:
        return {"crash": tail(traceback.format_exc(), 3000)}
