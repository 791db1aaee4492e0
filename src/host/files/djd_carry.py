"""sitecustomize of a release whose environment is too large for Linux to hand over (djd_large.py).

Every Python of the release runs it before anything else. It puts what is missing into os.environ, and only there: the
environment that a further program is started with stays small enough, and a further Python finds it in the same way.
"""
import importlib.machinery
import importlib.util
import json
import os
import sys


def _carry():
    names = os.environ.get("DJDEPLOY_CARRIED")
    if not names:
        return
    try:
        with open(os.environ["DJDEPLOY_CARRIED_FROM"], encoding="utf-8") as file:
            values = json.load(file)["values"]
    except (OSError, KeyError, ValueError) as error:
        sys.stderr.write("djdeploy: %s: cannot be read here (%s)\n" % (names[:500], type(error).__name__))
        return
    environ = os.environ
    for name in names.split(","):
        if name not in environ and name in values:
            # Not `environ[name] =`: that would hand it to every program that is started from here.
            environ._data[environ.encodekey(name)] = environ.encodevalue(values[name])


def _go_on():
    """The search path is what it would be without us, and a sitecustomize that it has runs too."""
    own = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != own]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path)
    if spec and spec.loader:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


_carry()
_go_on()
