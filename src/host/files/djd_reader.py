"""The agent of a key that may only read: what it may is decided here, on the host, whatever the other side sends.

setup puts it where root writes, and `restrict,command="…"` before such a key, so that sshd starts it instead of what was
asked for. The runner's own program, which comes first on standard input, is read and thrown away.
"""
import os
import select
import sys

import djd_applied
import djd_channel as channel
import djd_facts
from djd_paths import Paths, Refused

PATIENCE = 30
MOST = 4 << 20
REFUSAL = "this key may only read facts: it can plan, and nothing else"


def refuse(_paths, _args, _request):
    raise Refused("key.facts-only", REFUSAL)


def begin(paths, args, request):
    if args.get("lock"):
        refuse(paths, args, request)
    return djd_facts.read_with_base(paths, args.get("base"))


class Allowed(dict):
    """Everything else is refused, by the name it has today or may get."""

    def __missing__(self, _name):
        return refuse


OPERATIONS = Allowed(
    {
        "begin": begin,
        "facts": lambda paths, _args, _request: djd_facts.read(paths),
        "applied": lambda paths, _args, _request: djd_applied.read(paths),
    }
)


def skip_program():
    """LENGTH NEWLINE in 12 characters, then so many bytes (src/host/agent.ts)."""
    length = take(12).strip()
    if not length.isdigit() or int(length) > MOST:
        sys.exit("djdeploy: " + REFUSAL)
    take(int(length))


def take(count):
    data = b""
    while len(data) < count:
        ready, _, _ = select.select([0], [], [], PATIENCE)
        piece = os.read(0, count - len(data)) if ready else b""
        if not piece:
            sys.exit("djdeploy: " + REFUSAL)
        data += piece
    return data


def main(site):
    os.umask(0o022)
    skip_program()
    channel.serve(OPERATIONS, Paths(site))
