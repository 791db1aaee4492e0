"""Prints, as JSON, what this Python's own types and modules are made of: {"python": "3.11", "types": …}.

A type's names are without those of its base here, the nearest one in the table; "=" follows what cannot be called.
`operators`: for each operator and type on its left the types on its right with which it does not raise TypeError
for every pair of values tried.
"""

import importlib
import json
import operator
import sys
import warnings

warnings.simplefilter("ignore")


def of(module, *names):
    found = importlib.import_module(module)
    return {name: getattr(found, name) for name in names if hasattr(found, name)}


def generator():
    yield 1


class Holder:
    def method(self):
        """Of which the type is asked for."""


TYPES = {
    "object": object,
    "type": type,
    "NoneType": type(None),
    "bool": bool,
    "int": int,
    "float": float,
    "complex": complex,
    "str": str,
    "bytes": bytes,
    "bytearray": bytearray,
    "memoryview": memoryview,
    "list": list,
    "tuple": tuple,
    "range": range,
    "set": set,
    "frozenset": frozenset,
    "dict": dict,
    "slice": slice,
    "dict_keys": type({}.keys()),
    "dict_values": type({}.values()),
    "dict_items": type({}.items()),
    "map": map,
    "filter": filter,
    "zip": zip,
    "enumerate": enumerate,
    "reversed": reversed,
    "generator": type(generator()),
    "list_iterator": type(iter([])),
    "function": type(generator),
    "builtin_function_or_method": type(len),
    "method": type(Holder().method),
    "module": type(sys),
    "property": property,
    "staticmethod": staticmethod,
    "classmethod": classmethod,
    "super": super,
    "ellipsis": type(...),
    "NotImplementedType": type(NotImplemented),
    "_Environ": type(importlib.import_module("os").environ),
    "TextIOWrapper": importlib.import_module("io").TextIOWrapper,
    **of("pathlib", "PurePosixPath", "PosixPath"),
    **of("datetime", "timedelta", "date", "datetime", "time", "timezone"),
    **of("collections", "OrderedDict", "defaultdict", "deque", "Counter", "ChainMap"),
    **of("functools", "partial"),
    **of("re", "Pattern", "Match"),
    **of("urllib.parse", "ParseResult", "SplitResult"),
    **of("decimal", "Decimal"),
    **of("fractions", "Fraction"),
    **of("uuid", "UUID"),
    **of("types", "SimpleNamespace"),
    **of("logging", "Logger"),
}
TYPES.update(
    (n, v)
    for n, v in vars(importlib.import_module("builtins")).items()
    if isinstance(v, type) and issubclass(v, BaseException) and v.__name__ == n
)

MODULES = """abc ast base64 binascii bisect calendar collections configparser contextlib copy dataclasses datetime decimal
enum fractions functools glob hashlib hmac html importlib inspect io ipaddress itertools json locale logging math operator
os os.path pathlib platform pprint random re secrets shlex shutil socket statistics string subprocess sys tempfile textwrap
time tomllib types typing urllib.parse uuid warnings zoneinfo""".split()

SAMPLES = [
    None,
    True,
    False,
    0,
    1,
    2,
    -3,
    2.5,
    0.5,
    1j,
    "",
    "a",
    "%s",
    "%(a)s",
    "%d",
    b"",
    b"a",
    b"%s",
    [],
    [1],
    ["a"],
    (),
    (1,),
    ("a",),
    {1},
    {"a"},
    set(),
    frozenset(),
    frozenset([1]),
    {},
    {"a": 1},
    range(2),
    ...,
]


def name_of(value):
    return type(value).__name__


def accepted(apply):
    """Pairs of types of which at least one pair of samples raised no TypeError."""
    pairs = {}
    for a in SAMPLES:
        for b in SAMPLES:
            try:
                apply(a, b)
            except TypeError:
                continue
            except Exception:
                pass
            pairs.setdefault(name_of(a), set()).add(name_of(b))
    return {a: " ".join(sorted(bs)) for a, bs in sorted(pairs.items())}


OPERATORS = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
    "Pow": operator.pow,
    "LShift": operator.lshift,
    "RShift": operator.rshift,
    "BitOr": operator.or_,
    "BitAnd": operator.and_,
    "BitXor": operator.xor,
    "MatMult": operator.matmul,
    "order": operator.lt,
    "item": operator.getitem,
}


def names(cls):
    base = next((b for b in cls.__mro__[1:] if b in TYPES.values()), None)
    own = sorted(n for n in set(dir(cls)) - set(dir(base) if base else ()) if n.startswith("__") or n[0] != "_")
    if cls.__hash__ is None and "__hash__" not in own:
        own.append("__hash__")
    return {
        "base": next((n for n, t in TYPES.items() if t is base), None),
        "names": " ".join(n + ("" if callable(getattr(cls, n, None)) else "=") for n in own),
    }


def public(module):
    try:
        found = importlib.import_module(module)
    except ImportError:
        return None
    return " ".join(sorted(n for n in dir(found) if not n.startswith("_")))


def everything():
    return {
        "python": "%d.%d" % sys.version_info[:2],
        "types": {n: names(t) for n, t in TYPES.items()},
        "modules": {m: p for m in MODULES if (p := public(m)) is not None},
        "builtins": " ".join(sorted(n for n in dir(importlib.import_module("builtins")) if not n.startswith("_"))),
        "samples": " ".join(sorted({name_of(value) for value in SAMPLES})),
        "operators": {n: accepted(f) for n, f in OPERATORS.items()},
    }


if __name__ == "__main__":
    print(json.dumps(everything()))
