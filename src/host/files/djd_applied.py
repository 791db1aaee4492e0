"""What the live release's databases are and hold, asked in that release's own environment. Reads, and changes nothing."""
import json
import os
import subprocess
import tempfile

import djd_as_user
import djd_databases
import djd_slots as slots
from djd_paths import Refused, head


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
    out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # a pipe would fill before anybody reads it
    # The limit is kept on the other side: what runs as another user we could not end.
    argv = djd_as_user.argv(paths, "timeout", "-k", "1", str(timeout), launch, "python", "-c", script)
    process = subprocess.Popen(argv, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=err)
    return process, out, err


def answer(asked, timeout=20):
    process, out, err = asked
    with out, err:
        try:
            code = process.wait(timeout + 5)
        except subprocess.TimeoutExpired:
            code = 124
        if code in (124, 137):
            raise Refused("applied.slow", "the database did not answer within %d s" % timeout)
        out.seek(0)
        err.seek(0)
        try:
            if code == 0:
                return json.loads(out.read().decode().strip().splitlines()[-1])
        except (ValueError, IndexError):
            pass
        last = err.read().decode(errors="replace").strip().splitlines()[-1:] or ["no answer"]
        raise Refused("applied.failed", head(last[0], 300))
