import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { lint } from "../../src/lint/index.ts";
import { recordTree } from "../../src/python/source/tree.ts";

/** Each is a module of its own; python3 says what its upper-case names are. */
const modules = [
  `A = [x * 2 for x in range(5) if x % 2]\nB = {k: v for k, v in zip("abc", (1, 2, 3))}\nC = sorted({3, 1, 2}, reverse=True)`,
  `A = "a,b, c".split(",")\nB = " x ".strip()\nC = "%s-%03d-%.2f" % ("a", 7, 1.5)\nD = "{0}{name!r:>6}{1}".format(1, 2, name="x")\nE = f"{3.14159:.2f} {'q':>3} {10:,} {255:x}"`,
  `A = 7 // 2\nB = -7 // 2\nC = -7 % 3\nD = 2 ** 10\nE = 7 / 2\nF = 1e3\nG = int("12") + int(True)\nH = round(2.567, 2)\nI = divmod(7, 3)`,
  `a, *b, c = [1, 2, 3, 4]\nA = a\nB = b\nC = c\nD = [*b, *"xy"]\nE = {**{"a": 1}, "b": 2}\nF = (lambda x, y=2, *z, k=3: [x, y, list(z), k])(1, 5, 6, k=9)`,
  `def f(n):\n    return 1 if n < 2 else n * f(n - 1)\nA = f(6)\ndef g(*a, **k):\n    return [len(a), sorted(k)]\nB = g(1, 2, x=1, y=2)\ndef h():\n    yield 1\n    yield from [2, 3]\nC = list(h())`,
  `class A1:\n    X = 1\n    def __init__(self, v):\n        self.v = v\n    @property\n    def w(self):\n        return self.v + self.X\n    @classmethod\n    def make(cls):\n        return cls(5)\n    @staticmethod\n    def s():\n        return 9\nclass B1(A1):\n    X = 10\n    def __init__(self, v):\n        super().__init__(v * 2)\nA = A1(1).w\nB = B1(3).w\nC = B1.make().w\nD = A1.s()\nE = isinstance(B1(1), A1)\nF = getattr(B1(1), "nope", "no")`,
  `A = []\nfor i in range(10):\n    if i == 3:\n        continue\n    if i > 6:\n        break\n    A.append(i)\nelse:\n    A.append("never")\nB = 0\nwhile B < 5:\n    B += 2`,
  `try:\n    x = {}["a"]\nexcept (ValueError, KeyError) as e:\n    A = "caught"\nelse:\n    A = "no"\nfinally:\n    B = "always"\ntry:\n    int("x")\nexcept ValueError:\n    C = 1\ndef f():\n    try:\n        return 1\n    finally:\n        pass\nD = f()`,
  `import os.path\nfrom pathlib import Path, PurePosixPath\nA = os.path.join("/a", "b", "../c")\nB = os.path.normpath("/a/b/../c//d")\nC = str(Path("/a/b") / "c" / ".." / "d")\nD = Path("/a/b/c.tar.gz").suffix\nE = Path("/a/b.txt").stem\nF = os.path.splitext("/x/y.z")\nG = str(Path("/a/b/c").parents[1])\nH = os.path.dirname("/a/b/")\nI = os.path.basename("/a/b")\nJ = str(Path("a//b/./c"))`,
  `import re, json\nA = re.sub(r"(\\d+)", r"<\\1>", "a1b22")\nB = re.match(r"(?P<x>\\w)-(\\w)", "a-b").group("x")\nC = json.loads('{"a": [1, 2.5, null, true]}')\nD = re.split(r"[,;]\\s*", "a, b;c")\nE = bool(re.search("z", "abc"))`,
  `A = "abc"[::-1]\nB = "abcdef"[1:-1:2]\nC = [1, 2, 3, 4][-2:]\nD = "a" in "abc"\nE = 3 not in [1, 2]\nF = not []\nG = None or "x"\nH = 0 and 1\nI = 1 < 2 < 3\nJ = "b" if "" else "c"`,
  `d = {"a": 1}\nd.setdefault("b", []).append(2)\nd.update({"c": 3}, d=4)\nA = d\nB = d.pop("a")\nC = d.get("zz", 5)\nD = list(d.items())\nl = [3, 1, 2]\nl.sort()\nl.insert(1, 9)\nl.extend((7, 8))\nl.remove(9)\nE = l\nF = l.index(7)\nG = max(l), min(l), sum(l)`,
  `match ("a", 1):\n    case ("b", _):\n        A = 0\n    case (x, 1) if x == "a":\n        A = x\n    case _:\n        A = 2\nmatch {"k": 5}:\n    case {"k": v}:\n        B = v\nif (n := 5) > 3:\n    C = n`,
  `from functools import partial, reduce\nfrom itertools import chain\nfrom collections import OrderedDict, defaultdict\nA = partial(int, base=2)("101")\nB = reduce(lambda a, b: a + b, [1, 2, 3])\nC = list(chain([1], (2, 3)))\nD = dict(OrderedDict([("a", 1)]))\ne = defaultdict(list)\ne["x"].append(1)\nE = dict(e)`,
  `from urllib.parse import urlparse\nu = urlparse("postgres://us:pw@h.example.com:5432/name?x=1#f")\nA = [u.scheme, u.hostname, u.port, u.username, u.password, u.path, u.query, u.fragment]`,
  `globals()["A"] = 1\nfor k in ("B", "C"):\n    globals()[k] = k.lower()\nvars().update(D=4)\nexec("E = 5")\nF = eval("1 + 1")\ndel globals()["D"]`,
  `from datetime import timedelta\nA = timedelta(days=1, hours=2).total_seconds()\nB = list(map(str, [1, 2]))\nC = list(filter(None, [0, 1, "", "a"]))\nD = any([0, 1]), all([1, 0])\nE = list(enumerate("ab", 1))\nF = "a-b".title().replace("-", "_").upper()\nG = ["x"] * 2 + ["y"]\nH = "x".join(["1", "2"])\nI = "Ab".swapcase().zfill(4)`,
  `from enum import Enum\nclass C1(str, Enum):\n    RED = "r"\n    BLUE = "b"\nA = C1.RED.value\nB = C1("b").name\nC = [m.value for m in C1]\nD = C1.RED == "r"\nfrom dataclasses import dataclass, field\n@dataclass\nclass P1:\n    x: int\n    y: list = field(default_factory=list)\nE = P1(3).x, P1(3).y, P1(x=4, y=[1]).y`,
];

/** Values as JSON, tuples and sets as lists. */
const printer = `
import json, sys
def show(v):
    if isinstance(v, (list, tuple)):
        return [show(x) for x in v]
    if isinstance(v, dict):
        return {str(k): show(x) for k, x in v.items()}
    return v
out = []
for text in json.load(sys.stdin):
    ns = {"__name__": "m"}
    exec(compile(text, "m", "exec"), ns)
    out.append({k: show(v) for k, v in ns.items() if k.isupper() and len(k) == 1})
print(json.dumps(out))
`;

test("constants come out as Python itself computes them", () => {
  const truth = JSON.parse(
    execFileSync("python3", ["-c", printer], { input: JSON.stringify(modules), encoding: "utf8" }),
  ) as Record<string, unknown>[];
  for (const [i, text] of modules.entries()) {
    const files = recordTree({ "m.py": text });
    const { settings } = lint({ files, settingsModule: "m", djangoVersion: "5.2", ignore: {} });
    const ours = Object.fromEntries(
      Object.entries(settings).flatMap(([name, s]) =>
        name.length === 1 ? [[name, s.certainty === "certain" ? s.value : s]] : [],
      ),
    );
    expect(ours, text).toEqual(truth[i]);
  }
});
