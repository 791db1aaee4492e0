"""What the live release's databases are and hold, asked in that release's own environment. Reads, and changes nothing."""
import json
import os
import subprocess
import sys

import djd_as_user
import djd_databases
import djd_leftovers
import djd_output
import djd_slots as slots
from djd_paths import Refused, head

# Bytes of an answer, the migrations of a very large project, and of what was said about a failure.
ANSWER, WORDS = 16 << 20, 64 << 10
# The other side: asks, ends what that leaves running, and keeps the limit, for what runs as another user we could not end.
# djd_leftovers.py stands before it.
SIDE = """
import select, sys
# PR_SET_DUMPABLE, as in djd_steps.py: what it starts can not trace it.
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
adopt()
child, until = spawn(sys.argv[2:]), time.monotonic() + float(sys.argv[1])
watched, code = watch(child), None
while code is None:
    left = until - time.monotonic()
    if left <= 0:
        kill()
        sys.exit(124)
    select.select(watched, [], [], left if watched else 0.02)
    code = code_of(child)
end()
sys.exit(code if code >= 0 else 128 - code)
"""


def read(paths, timeout=20):
    """{"engine", "applied": [[app, name]], "databases"}; refuses where nothing is live or the databases do not answer."""
    return answer(ask(paths, timeout), timeout)


def ask(paths, timeout=20):
    """Starts to ask; what is asked goes on until answer() is called for, and for at most `timeout` seconds."""
    release = slots.live(paths)[1]
    if not release:
        raise Refused("applied.nothing-live", "nothing is live")
    launch = os.path.join(paths.release(release), ".djdeploy", "launch")
    # Without django.setup(): a few questions to each database need no application.
    script = djd_databases.__loader__.get_source("djd_databases") + "\n\ntell()\n"
    program = djd_leftovers.__loader__.get_source("djd_leftovers") + SIDE
    python = "/usr/bin/python3" if paths.runner else sys.executable
    argv = djd_as_user.argv(paths, python, "-I", "-S", "-c", program, str(timeout), launch, "python", "-c", script)
    # Files, because a pipe would fill before anybody reads it; ours, because what runs has no end of its words.
    files = [os.fdopen(os.memfd_create("answer"), "rb+") for _ in range(2)]
    out, err = (djd_output.Output(file.fileno(), most) for file, most in zip(files, (ANSWER, WORDS)))
    process = subprocess.Popen(argv, cwd="/", stdin=subprocess.DEVNULL, stdout=out.end, stderr=err.end)
    for output in (out, err):
        output.begin()
    return paths, process, (out, err), files


def answer(asked, timeout=20):
    paths, process, outputs, (out, err) = asked
    with out, err:
        try:
            code = process.wait(timeout + 10)
        except subprocess.TimeoutExpired:
            code = 124
            djd_as_user.kill_below(paths, process.pid)
        for output in outputs:
            output.finish()
        if code in (124, 137):
            raise Refused("applied.slow", "the database did not answer within %d s" % timeout)
        out.seek(0)
        err.seek(0)
        try:
            if code == 0:
                return json.loads(out.read().decode().strip().splitlines()[-1])
        except (ValueError, IndexError, RecursionError):
            pass
        last = err.read().decode(errors="replace").strip().splitlines()[-1:] or ["no answer"]
        raise Refused("applied.failed", head(last[0], 300))
