// Statements and whole settings modules, as text.
import fc from "fast-check";
import { expressions as e, type Kind, NAMES, type Text } from "./expressions.ts";

/** What a module may use; only what it does use comes before it. A piece may use those above it. */
const PIECES = `
import ast
import base64
import bisect
import collections
import configparser
import copy
import datetime
import decimal
import fnmatch
import fractions
import functools
import hashlib
import heapq
import html
import ipaddress
import itertools
import json
import keyword
import math
import operator as op
import os
import re
import shlex
import statistics
import string
import sys
import textwrap
import urllib.parse
import uuid
from collections import OrderedDict, defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import partial, reduce
from itertools import chain, islice
from pathlib import Path
from urllib.parse import quote, unquote, urlparse
s1 = "a"
s2 = "x,y"
n1 = 1
n2 = 2
f1 = 0.5
b1 = True
l1 = [1, 2]
t1 = (1, "a")
d1 = {"a": 1}
z1 = {1, 2}
y1 = b"ab"
p1 = Path("a/b.txt")
l2 = l1
d2 = d1
it1 = iter([1, 2, 3])
x1 = None
w1 = None
w2 = list(os.environ)
calls = []
e1 = os.environ.get("A")
e2 = os.environ.get("B", "b")
dd1 = defaultdict(list)
dq1 = deque([1, 2])
m1 = re.match(r"(a)(b)?", "ab")
cp1 = configparser.ConfigParser()
cp1.read_string("[DEFAULT]\\nA = 1\\n[a]\\nb: %(A)s 50%%\\n  x\\n\\n ; no\\non = yes\\n[x,y]\\nprod\\t=\\nloop = %(loop)s\\n")
cp2 = configparser.RawConfigParser({"x": s2}, allow_no_value=True)
cp2.read_string("[a]\\nprod\\n[dev]\\n" + s1 + " = " + s2)
ip1 = ipaddress.ip_network("10.0.0.0/29")
class Color(Enum):
    RED = "r"
    GREEN = "g"
@dataclass
class P1:
    x: int
    y: str = "y"
class C1:
    kind, count = "c1", 0
    def __init__(self, name, data=None):
        self.name, self.data = name, data
        C1.count += 1
    def shown(self):
        return f"<{self.name}>"
    @classmethod
    def make(cls, name):
        return cls(name)
    @property
    def size(self):
        return len(self.name)
    def __eq__(self, other):
        return isinstance(other, C1) and self.name == other.name
    def __len__(self):
        return len(str(self.data or ""))
class C2(C1):
    kind = "c2"
    def shown(self):
        return super().shown() + "!"
class Flags:
    def __init__(self, on):
        self.on = on
    def __bool__(self):
        return bool(self.on)
class Quiet:
    def __init__(self, log):
        self.log = log
    def __enter__(self):
        self.log.append("in")
        return self.log
    def __exit__(self, kind, error, trace):
        self.log.append("out")
        return kind is not None and issubclass(kind, (KeyError, ValueError))
c1 = C2("n", [1])
def f_default(x, y=l1):
    return f"{x}{y}"
def f_kw(*, x="k"):
    return x
def f_args(*args):
    return list(args)
def f_kwargs(**kw):
    return kw
def f_list(x, acc=[]):
    acc.append(x)
    return acc
def f_ret(x):
    if x:
        return (x, 1)
    return (None,)
def f_try(x):
    try:
        return int(x)
    except (TypeError, ValueError):
        return None
    finally:
        calls.append("t")
def f_count():
    global n2
    n2 += 1
    return n2
def counter(n):
    def inner():
        nonlocal n
        n += 1
        return n
    inner()
    return inner()
def g1(xs):
    for x in xs:
        if x:
            yield x
def g2(n):
    i = 0
    while i < n and i < 4:
        yield i
        i += 1
`
  .trim()
  // A decorator belongs to what it stands on.
  .split(/(?<!(?:^|\n)@\w+)\n(?=\S)/);

const nameOf = (piece: string): string =>
  /(?:^|\n)(?:class|def) (\w+)|^(\w+) =|^(?:from [\w.]+ )?import (?:\w+ as )?(\w+)/
    .exec(piece)
    ?.slice(1)
    .find(Boolean) ?? "";

const NAMED = PIECES.map((piece) => ({
  piece,
  names: piece.startsWith("from ") ? piece.replace(/.* import /, "").split(", ") : [nameOf(piece)],
}));

/** A module with what it uses before it. */
export function whole(text: string): string {
  let used = text;
  const chosen: string[] = [];
  for (const { piece, names } of [...NAMED].reverse()) {
    if (!names.some((name) => new RegExp(`\\b${name}\\b`).test(used))) continue;
    chosen.unshift(piece);
    used += `\n${piece}`;
  }
  return `${chosen.join("\n")}\n${text}`;
}

/** Settings that are compared; the first are what checks are about. */
export const SETTINGS = ["DEBUG", "ALLOWED_HOSTS", "SECRET_KEY", "SECURE_SSL_REDIRECT", "X0", "X1", "X2"];

type Lines = string[];
type Block = fc.Arbitrary<Lines>;

const indented = (lines: Lines): Lines => (lines.length === 0 ? ["    pass"] : lines.map((l) => `    ${l}`));
const targets = fc.constantFrom(...SETTINGS, ...SETTINGS, ...Object.values(NAMES).flat(), "x1", "e1");
const kindOf = (name: string): Kind =>
  (Object.entries(NAMES).find(([, names]) => names.includes(name))?.[0] ?? "a") as Kind;

const line = (...parts: (string | Text)[]): Block =>
  fc
    .tuple(...parts.map((p) => (typeof p === "string" ? fc.constant(p) : p)))
    .map((texts) => [texts.join("")]);

const assign: Block = targets.chain((name) =>
  line(`${name} = `, fc.oneof({ weight: 3, arbitrary: e[kindOf(name)] }, { weight: 1, arbitrary: e.a })),
);

/** A module's simple statements: assignments of all kinds, and changes of what several names share. */
const simple: Block = fc.oneof(
  { weight: 8, arbitrary: assign },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        "n1 += {n}",
        "s1 += {s}",
        "l1 += {l}",
        "l2 *= 2",
        "d1 |= {d}",
        "z1 |= {z}",
        "z1 -= {z}",
        "t1 += {t}",
        "n2 -= {n}",
        "f1 *= {n}",
        "b1 &= {b}",
        "d1['a'] += {n}",
        "c1.count += 1",
        "X0 = l1",
        "s2 %= {a}",
        "l1 += {s}",
        "p1 /= {s}",
      )
      .chain(fill),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(
        "l1.append({a})",
        "l1.extend({l})",
        "l2.insert({n}, {a})",
        "l1.remove({a})",
        "l1.sort()",
        "l1.sort(key=str, reverse={b})",
        "l1.reverse()",
        "l1.clear()",
        "d1[{s}] = {a}",
        "d1.update({d})",
        "d1.update(a={a})",
        "d1.setdefault({s}, []).append({a})",
        "d2.pop({s}, None)",
        "d1.popitem()",
        "del d1[{s}]",
        "del l1[{n}]",
        "del l1[{n}:]",
        "l1[{n}] = {a}",
        "l1[{n}:{n}] = {l}",
        "z1.add({a})",
        "z1.discard({a})",
        "z1.remove({a})",
        "z1.update({l})",
        "c1.data = {a}",
        "c1.name = {s}",
        "C1.kind = {s}",
        "setattr(c1, {s}, {a})",
        "del c1.data",
        "dd1[{s}].append({a})",
        "dq1.append({a})",
        "dq1.appendleft({a})",
        "os.environ[{s}] = {s}",
        "os.environ.setdefault('B', {s})",
        "os.environ.pop('B', None)",
        "globals()[{s}] = {a}",
        "globals().update(X1={a})",
        "globals().update(os.environ)",
        "globals().update((k, {a}) for k in os.environ if k.startswith({s}))",
        "for x1, X1 in os.environ.items(): globals()[x1] = X1",
        "next(it1)",
        "cp1.read_string({s})",
        "cp1.read_string('[' + {s} + ']\\n' + {s} + ' = ' + {s} + '\\n ' + {s})",
        "cp1.add_section({s})",
        "cp1.set({s}, {s}, {s})",
        "cp2[{s}] = {d}",
        "cp1.optionxform = str",
        "X0 = cp1.get({s}, {s})",
        "X0 = cp1[{s}][{s}]",
        "X1 = dict(cp1[{s}])",
        "X1 = cp1[{s}].getboolean({s}, {a})",
        "X2 = cp1.items({s})",
        "X2 = [str(x) for x in ip1.hosts()]",
        "X2 = ipaddress.ip_address({s}) in ip1",
        "calls.append({a})",
        "f_list({a})",
        "f_count()",
        "l1.pop({n})",
        "exec('X2 = 5')",
        "d1.clear()",
        "l1 = l2 = {l}",
        "d2 = d1",
        "it1 = iter({l})",
        "it1 = (x for x in {l})",
        "it1 = map(str, {l})",
        "it1 = zip({l}, {l})",
        "l2 = l1",
        "l2 = list(l1)",
        "d1 = d2 = {d}",
        "c1 = C1({s}, {a})",
        "print({a})",
        "assert {b}",
        "del X0",
        "del s2",
        "f_default.x = {a}",
        "random_unknown({a})",
      )
      .chain(fill),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        "s1, n1 = {s}, {n}",
        "X0, X1 = {a}",
        "X0, *X1 = {a}",
        "X0, *l1 = {l}",
        "*X1, X2 = {t}",
        "(X0, X1), X2 = ({a}, {a}), {a}",
        "X0 = X1 = {a}",
        "n1, n2 = n2, n1",
        "for X0 in {l}: pass",
        "X0: int = {n}",
        "[X0, X1] = {l}",
        "l1[0], n1 = {a}, {n}",
        "if (x1 := {a}): X0 = x1",
      )
      .chain(fill),
  },
);

function fill(template: string): Block {
  const kinds = [...template.matchAll(/\{([snfbltdzypag])\}/g)].map((m) => m[1] as Kind);
  if (kinds.length === 0) return fc.constant([template]);
  return fc.tuple(...kinds.map((k) => e[k])).map((parts) => {
    let n = 0;
    return [template.replace(/\{[snfbltdzypag]\}/g, () => `(${parts[n++]})`)];
  });
}

const ERRORS = [
  "Exception",
  "KeyError",
  "ValueError",
  "TypeError",
  "AttributeError",
  "(KeyError, IndexError)",
  "LookupError",
  "ZeroDivisionError",
  "ArithmeticError",
  "(TypeError, ValueError)",
  "NameError",
  "StopIteration",
  "OSError",
];
const PATTERNS = [
  "{n}",
  '"prod"',
  '"a" | "b"',
  "[x, *_]",
  "[]",
  "(x, y)",
  '{{"a": v}}',
  "None",
  "True",
  "str()",
  "int(v)",
  "[1, x]",
  "x if x",
  "_",
  '{{"a": 1, **rest}}',
  "[*_, 2]",
];

/** Blocks of statements; in functions and loops some that only stand there. */
const blocks = fc.letrec<{ statement: Lines; block: Lines; loop: Lines }>((tie) => {
  const block = tie("block") as Block;
  const loop = tie("loop") as Block;
  const nested = (head: Block, body: Block, ...more: Block[]): Block =>
    fc
      .tuple(head, body, ...more)
      .map(([h, b, ...rest]) => [...(h as Lines), ...indented(b as Lines), ...(rest as Lines[]).flat()]);
  const headed = (head: string | Block, body: Block): Block =>
    fc
      .tuple(typeof head === "string" ? fc.constant([head]) : head, body)
      .map(([h, b]) => [...h, ...indented(b)]);
  const none: Block = fc.constant([]);
  return {
    statement: fc.oneof(
      { maxDepth: 2, depthIdentifier: "statement", withCrossShrink: true },
      { weight: 10, arbitrary: simple },
      {
        weight: 4,
        arbitrary: nested(
          line("if ", e.b, ":"),
          block,
          fc.oneof(none, headed("else:", block), headed(line("elif ", e.b, ":"), block)),
        ),
      },
      {
        weight: 2,
        arbitrary: nested(
          line(
            "for ",
            fc.constantFrom("x1", "X0", "_", "i"),
            " in ",
            fc.oneof(
              e.l,
              e.t,
              e.s,
              e.d,
              e.z,
              fc.constantFrom("range(3)", "it1", "d1.items()", "enumerate(l1)"),
              // How often they turn nobody knows.
              fc.constantFrom("os.environ", "sorted(os.environ)", "os.environ.items()", "list(w2)"),
            ),
            ":",
          ),
          loop,
          fc.oneof(none, headed("else:", block)),
        ),
      },
      {
        weight: 1,
        arbitrary: headed(
          "while n1 < 3:",
          fc.tuple(fc.constant(["n1 += 1"]), loop).map(([a, b]) => [...a, ...b]),
        ),
      },
      {
        weight: 1,
        arbitrary: headed(
          "while w2:",
          fc.tuple(fc.constant(["x1 = w2.pop()"]), loop).map(([a, b]) => [...a, ...b]),
        ),
      },
      {
        weight: 5,
        arbitrary: nested(
          fc.constant(["try:"]),
          block,
          headed(
            fc
              .constantFrom(...ERRORS)
              .chain((x) => line(fc.constantFrom(`except ${x}:`, `except ${x} as error:`))),
            block,
          ),
          fc.oneof(
            none,
            headed(
              "except Exception as error:",
              fc.tuple(block, fc.constant(["X1 = type(error).__name__"])).map(([a, b]) => [...a, ...b]),
            ),
            headed("else:", block),
            headed("finally:", block),
          ),
        ),
      },
      { weight: 1, arbitrary: nested(fc.constant(["try:"]), block, headed("finally:", block)) },
      {
        weight: 1,
        arbitrary: headed(
          fc
            .constantFrom(
              "with suppress(KeyError, TypeError):",
              "with Quiet(calls) as x1:",
              "with Quiet(l1), suppress(IndexError):",
            )
            .map((h) => [h]),
          block,
        ),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(e.a, fc.array(fc.tuple(fc.constantFrom(...PATTERNS), block), { minLength: 1, maxLength: 3 }))
          .map(([subject, cases]) => [
            `match ${subject}:`,
            ...unreachable(cases).flatMap(([p, b]) =>
              indented([
                `case ${p.replace("{n}", "1").replace(/\{\{/g, "{").replace(/\}\}/g, "}")}:`,
                ...indented(b),
              ]),
            ),
          ]),
      },
      { weight: 2, arbitrary: functionOf(block) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(
            fc.constantFrom("class K1:", "class K1(C1):", "class K1(dict):"),
            fc.array(assign, { maxLength: 2 }),
            e.a,
          )
          .map(([h, body, v]) => [
            h,
            ...indented([...body.flat(), "def m(self, x=n1):", `    return ${v}`]),
            "x1 = K1.m",
          ]),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(
            "raise ValueError('v')",
            "raise KeyError('k')",
            "raise TypeError",
            "raise StopIteration",
            "int('x')",
            "{}['x']",
            "[][1]",
            "1 / 0",
            "None.x",
            "None + 1",
          )
          .chain((bad) =>
            fc
              .constantFrom("KeyError", "ValueError", "Exception")
              .map((x) => [
                "try:",
                `    ${bad}`,
                `except ${x}:`,
                "    X2 = 'caught'",
                "except Exception:",
                "    X2 = 'other'",
              ]),
          ),
      },
    ),
    block: fc
      .array(tie("statement") as Block, { minLength: 1, maxLength: 2, depthIdentifier: "statement" })
      .map((all) => all.flat()),
    loop: fc
      .tuple(
        block,
        fc.oneof(
          { weight: 4, arbitrary: none },
          { weight: 1, arbitrary: line("if ", e.b, ": ", fc.constantFrom("break", "continue")) },
        ),
        block,
      )
      .map((all) => all.flat()),
  };
});

/** A function that is defined and called; its body may return early, and change what is outside. */
function functionOf(block: Block): Block {
  const body = fc.tuple(
    fc.constantFrom([], ["global X0, DEBUG"], ["global l1, s1"]),
    block,
    fc.oneof(line("return ", e.a), line("if ", e.b, ": return ", e.a), line("yield ", e.a)),
    block,
    fc.oneof(line("return ", e.a), fc.constant([])),
  );
  return fc
    .tuple(
      fc.constantFrom("def h(x1=None):", "def h(x1=None, *X1):", "def h(x1=None, **kw):"),
      body,
      fc
        .constantFrom("X2 = h()", "X2 = h({a})", "h({a}, {a})", "X2 = [h(x) for x in (1, 2)]", "x1 = h")
        .chain(fill),
    )
    .map(([head, parts, call]) => {
      const lines = parts.flat();
      // A name that is global there cannot be a parameter too.
      const fits = lines.some((l) => /^global/.test(l)) ? head.replace(", *X1", "") : head;
      return [fits, ...indented(lines), ...call];
    });
}

/** `case _` and the like may only stand last. */
function unreachable(cases: [string, Lines][]): [string, Lines][] {
  const at = cases.findIndex(([p]) => p === "_");
  return at < 0 ? cases : cases.slice(0, at + 1);
}

/** Most statements may raise: where nobody catches that, a module says little. */
const guarded: Block = fc
  .tuple(blocks.statement as Block, fc.constantFrom("plain", "plain", "pass", "name", "kind"))
  .map(([lines, how]) => {
    if (how === "plain") return lines;
    const caught =
      how === "name"
        ? "X2 = type(error).__name__"
        : how === "kind"
          ? "X1 = isinstance(error, (TypeError, LookupError))"
          : "pass";
    return ["try:", ...indented(lines), "except Exception as error:", `    ${caught}`];
  });

/** Whole modules without the prelude. */
export const modules: fc.Arbitrary<string> = fc
  .array(guarded, { minLength: 1, maxLength: 5 })
  .map((all) => `${all.flat().join("\n")}\n`);
