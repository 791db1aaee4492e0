"""What only the user that an application runs as can see, signal or write, where another user deploys it.

One process of that user serves an agent (djd_other_side.py), started through root's program (owner.json: "as"). It reads a
request a line and answers a line, and ends with the agent. It is no authority over anything: what it says is what the
application itself could say. Where one user does both, everything is simply done here.
"""
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time

import djd_leftovers
from djd_paths import Refused, head

# Bytes that one answer may have: the processes of a large site, or the answer of a project's Django.
MOST = 16 << 20
F_SETPIPE_SZ = 1031  # fcntl has a name for it since Python 3.10
STARTER = "import sys;exec(sys.stdin.buffer.read(int(sys.stdin.buffer.readline())))"

_one = threading.Lock()
_helper = None


def argv(paths, *command):
    """A command as the application's user."""
    return ["sudo", "-n", "-u", paths.runner, paths.as_user, *command] if paths.runner else list(command)


def ask(paths, act, *args, limit=30.0):
    """act(paths, *args) as the application's user: a function of one of our modules; arguments and answer are JSON."""
    if not paths.runner:
        return act(paths, *args)
    with _one:
        answer = _exchange(paths, {"module": act.__module__, "act": act.__name__, "args": args}, limit)
    said = _of_a_kind(paths, answer)
    if said is None:
        raise Refused("host.as-user", "what runs as %s gave an answer of no known kind" % paths.runner, user=paths.runner)
    if isinstance(said, Exception):
        raise said
    return answer["ok"]


def _of_a_kind(paths, answer):
    """True for an answer, the exception for one of the three kinds that serve() tells; None for anything else."""
    if not isinstance(answer, dict):
        return None
    if "ok" in answer:
        return True
    refused = answer.get("refused")
    if isinstance(refused, dict) and isinstance(refused.get("data"), dict):
        # The other side chooses the names, so that none may be one of ours.
        data = {name: value for name, value in refused["data"].items() if name not in ("self", "code", "message")}
        return Refused(str(refused.get("code")), str(refused.get("message")), **data)
    if isinstance(answer.get("errno"), int):
        return OSError(answer["errno"], str(answer.get("strerror")), str(answer.get("file")))
    return RuntimeError("as %s: %s" % (paths.runner, answer["crash"])) if "crash" in answer else None


def start(paths):
    """Starts the other user's process, so that it is there when the first question comes."""
    global _helper
    if not paths.runner or (_helper and _helper.poll() is None):
        return
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    try:
        _helper = subprocess.Popen(argv(paths, "/usr/bin/python3", "-I", "-S", "-u", "-c", STARTER), cwd="/", **pipe)
        _widen(_helper.stdin)
        _helper.stdin.write(_program(paths))
        _helper.stdin.flush()
    except BrokenPipeError:
        pass  # the first question tells why
    except OSError as error:
        raise Refused("host.as-user", "nothing can be started as %s: %s" % (paths.runner, error)) from error


def _program(paths):
    """What the other side reads: our modules by name, and the call that serves."""
    main = sys.modules["__main__"]
    data = json.dumps(main.SOURCES).encode()
    text = "import json\nSOURCES = json.loads(sys.stdin.buffer.read(%d))\n" % len(data)
    text += main.FINDER + "import djd_other_side\ndjd_other_side.serve(%r)\n" % paths.root
    return b"%d\n" % len(text.encode()) + text.encode() + data


def _widen(pipe):
    """As much as the program takes, so that nobody waits here while the other side starts."""
    try:
        fcntl.fcntl(pipe, F_SETPIPE_SZ, 1 << 20)
    except OSError:
        pass  # then it is waited for


def _exchange(paths, request, limit):
    global _helper
    start(paths)
    try:
        _helper.stdin.write(json.dumps(request).encode() + b"\n")
        _helper.stdin.flush()
        return json.loads(_line(_helper.stdout.fileno(), time.monotonic() + limit))
    except (OSError, ValueError, EOFError, RecursionError) as error:
        broken, _helper = _helper, None
        said = _said(broken)
        silent = isinstance(error, TimeoutError)
        # Whatever runs as that user can end or stop what else does: then sudo's rule is not what is wrong.
        _end(paths, broken)
        killed = not silent and not said and _was_killed(broken)
        why = said or ("no answer within %d s" % limit if silent else "it was killed" if killed else str(error) or type(error).__name__)
        raise Refused(
            "host.as-user", "what runs as %s could not be asked: %s" % (paths.runner, why),
            user=paths.runner, by="another" if killed or silent else "sudo",
        ) from error


def _was_killed(process):
    """sudo ends as what it ran did."""
    try:
        return process.wait(2) in (-signal.SIGKILL, 128 + signal.SIGKILL)
    except subprocess.TimeoutExpired:
        return False


def _end(paths, process):
    """Ends a helper that does not answer, also one that its own user stopped: only that user can."""
    try:
        process.stdin.close()
    except OSError:
        pass
    if process.poll() is None:
        kill_below(paths, process.pid)


def kill_below(paths, pid):
    """Kills what runs below a sudo of ours: only its user can. sudo stopped with what was stopped, and goes on to end."""
    below = [str(one) for one in djd_leftovers.descendants(pid)]
    nowhere = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        if below:
            subprocess.run(argv(paths, "/bin/kill", "-KILL", *below), timeout=10, check=False, **nowhere)
        os.kill(pid, signal.SIGCONT)
    except (OSError, subprocess.TimeoutExpired):
        pass


def _said(process):
    """What sudo or Python said at its end."""
    try:
        ready = select.select([process.stderr], [], [], 1)[0]
        text = os.read(process.stderr.fileno(), 2000).decode("utf-8", "replace") if ready else ""
    except OSError:
        return ""
    return head(" ".join(text.split()), 300)


def _line(handle, until):
    data = []
    size = 0
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([handle], [], [], left)[0]:
            raise TimeoutError()
        piece = os.read(handle, 1 << 18)
        if not piece:
            raise EOFError("it ended")
        data.append(piece)
        size += len(piece)
        if size > MOST:
            raise ValueError("an answer of more than %d bytes" % MOST)
        if piece.endswith(b"\n"):
            return b"".join(data)
