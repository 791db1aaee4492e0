"""The process of the application's user that serves an agent (djd_as_user.py): one question after the other, until nobody asks."""
import importlib
import json
import os
import sys

from djd_paths import Paths, Refused, tail


def serve(site):
    """The other side: does what it is asked, one thing after the other, until nobody asks any more."""
    import ctypes

    # PR_SET_DUMPABLE: a program of the same user can neither trace this process nor read its memory.
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
    os.umask(0o022)
    paths = Paths(site)
    paths.runner = None
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            act = getattr(importlib.import_module(request["module"]), request["act"])
            answer = {"ok": act(paths, *request["args"])}
        except Refused as error:
            answer = {"refused": {"code": error.code, "message": str(error), "data": error.data}}
        except OSError as error:
            answer = {"errno": error.errno, "strerror": error.strerror, "file": str(error.filename or "")}
        except Exception:
            import traceback

            answer = {"crash": tail(traceback.format_exc(), 3000)}
        data = json.dumps(answer).encode() + b"\n"
        while data:
            data = data[os.write(1, data):]
