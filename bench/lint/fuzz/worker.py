"""Runs generated settings modules under the environments that come with each, and says what they end with.

Reads a JSON line {"text": …, "environments": [{…}, …]}, writes one: for each environment {"names": {name: value}} or
{"error": class}; "true" are the names whose value is. A value is a pair of its kind and its content.
"""

import io
import json
import os
import re
import signal
import sys

sys.setrecursionlimit(400)
COMMON = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
os.getcwd = lambda: "/srv/site"


def shown(v, depth=0):
    if depth > 8:
        return ["o", "deep"]
    kind = type(v)
    if v is None:
        return ["N", None]
    if kind is bool:
        return ["b", v]
    if kind is int:
        return ["i", str(v)]
    if kind is float:
        return ["f", repr(v)]
    if kind is str:
        return ["s", v]
    if kind is bytes:
        return ["y", v.decode("latin1")]
    if kind in (list, tuple):
        return ["l" if kind is list else "t", [shown(x, depth + 1) for x in v[:3000]]]
    if kind in (set, frozenset):
        return ["z", sorted((shown(x, depth + 1) for x in v), key=repr)]
    if kind is dict:
        return ["d", [[shown(k, depth + 1), shown(x, depth + 1)] for k, x in list(v.items())[:3000]]]
    if kind.__name__ == "PosixPath":
        return ["p", str(v)]
    return ["o", kind.__name__]


def expired(*_):
    raise SystemExit("too slow")


def run(code, environment):
    os.environ.clear()
    os.environ.update(COMMON)
    os.environ.update(environment)
    names = {"__name__": "m", "__file__": "/srv/site/m.py", "__builtins__": __builtins__}
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        exec(code, names)
        own = {k: v for k, v in names.items() if re.fullmatch("[A-Z][A-Z0-9_]*", k)}
        return {"names": {k: shown(v) for k, v in own.items()}, "true": [k for k, v in own.items() if v]}
    except BaseException as error:
        return {"error": type(error).__name__, "text": str(error)[:200]}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main():
    signal.signal(signal.SIGALRM, expired)
    jobs, out = sys.stdin, sys.stdout
    # A module may read its input: shlex.split(None) does. What comes there are the next jobs.
    sys.stdin, sys.stdout = io.StringIO(), io.StringIO()
    for line in jobs:
        job = json.loads(line)
        sys.stdout.seek(0)
        sys.stdout.truncate()
        try:
            code = compile(job["text"], "m.py", "exec")
            answer = [run(code, e) for e in job["environments"]]
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            answer = {"syntax": str(error)}
        out.write(json.dumps(answer) + "\n")
        out.flush()


main()
