"""CPython's own trees of the files named on the standard input, for corpus.ts.

A line of JSON with the fields of each kind of node first, then one for each file: its path and its tree as words in
preorder, or null where this Python does not read it. Positions count characters as JavaScript does; inside an f-string
there are none, for each version of CPython has others.
"""

import ast
import json
import struct
import sys


def kinds(cls):
    yield cls
    for sub in cls.__subclasses__():
        yield from kinds(sub)


def constant(value):
    if isinstance(value, bool) or value is None:
        return repr(value)
    if value is Ellipsis:
        return "..."
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, bytes):
        return "b" + json.dumps(value.decode("latin-1"))
    if isinstance(value, int):
        return format(value, "x")
    if isinstance(value, float):
        return "f" + struct.pack(">d", value).hex()
    return "complex"


def parts(values):
    """The parts of an f-string: texts that stand beside each other are one, as CPython 3.12 has them."""
    out = []
    for one in values:
        if isinstance(one, ast.Constant) and out and isinstance(out[-1], ast.Constant):
            out[-1] = ast.Constant(out[-1].value + one.value)
        elif not (isinstance(one, ast.Constant) and one.value == ""):
            out.append(one)
    return out


class Words:
    def __init__(self, text):
        self.out = []
        self.lines = text.split("\n")

    def column(self, line, at):
        text = self.lines[line - 1]
        if text.isascii():
            return at
        return len(text.encode()[:at].decode().encode("utf-16-le")) // 2

    def node(self, node, inside):
        name = type(node).__name__
        if not inside and hasattr(node, "end_lineno"):
            self.out.append(
                f"{name}@{node.lineno}:{self.column(node.lineno, node.col_offset)}"
                f"-{node.end_lineno}:{self.column(node.end_lineno, node.end_col_offset)}"
            )
        else:
            self.out.append(name)
        if isinstance(node, ast.Constant):
            self.out.append(constant(node.value))
            return
        inside = inside or isinstance(node, ast.JoinedStr)
        for field in node._fields:
            value = getattr(node, field, None)
            if field == "type_comment" or value is None or value == []:
                continue
            self.out.append("." + field)
            if field == "values" and isinstance(node, ast.JoinedStr):
                value = parts(value)
            if isinstance(value, list):
                self.out.append(f"[{len(value)}")
                for one in value:
                    self.value(one, inside)
            else:
                self.value(value, inside)

    def value(self, value, inside):
        if isinstance(value, ast.AST):
            self.node(value, inside)
        else:
            self.out.append(value if isinstance(value, str) else constant(value))


def tree(path):
    try:
        with open(path, encoding="utf-8-sig", newline=None) as file:
            text = file.read()
        words = Words(text)
        words.node(ast.parse(text), False)
        return words.out
    except (SyntaxError, ValueError, RecursionError):
        return None


print(json.dumps({cls.__name__: cls._fields for cls in kinds(ast.AST)}))
for name in sys.stdin.read().split("\n"):
    if name:
        print(json.dumps([name, tree(name)]))
