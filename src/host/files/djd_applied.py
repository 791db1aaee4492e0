"""Which migrations the live release's database has, in that release's own environment. Reads, and changes nothing."""
import json
import os
import subprocess

import djd_as_user
import djd_slots as slots
from djd_paths import Refused, head

# Without django.setup(): one question to one table needs no application.
SCRIPT = """
import json
from django.db import connection
with connection.cursor() as cursor:
    rows = []
    if "django_migrations" in connection.introspection.table_names(cursor):
        cursor.execute("SELECT app, name FROM django_migrations")
        rows = [list(row) for row in cursor.fetchall()]
print("\\n" + json.dumps({"engine": connection.settings_dict["ENGINE"], "applied": rows}))
"""


def read(paths, timeout=20):
    """{"engine", "applied": [[app, name]]}; refuses where nothing is live or the database does not answer."""
    release = slots.live(paths)[1]
    if not release:
        raise Refused("applied.nothing-live", "nothing is live")
    return djd_as_user.ask(paths, question, release, timeout, limit=timeout + 10)


def question(paths, release, timeout):
    launch = os.path.join(paths.release(release), ".djdeploy", "launch")
    try:
        done = subprocess.run(
            [launch, "python", "-c", SCRIPT], stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused("applied.slow", "the database did not answer within %d s" % timeout) from None
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no answer"]
        raise Refused("applied.failed", head(last[0], 300))
    return json.loads(done.stdout.decode().strip().splitlines()[-1])
