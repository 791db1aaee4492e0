import { expect, test } from "vitest";
import { lintText, SOUND, verdict } from "./judge-of.ts";

const lines = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join("\n");

/** What would take a naive evaluator for ever, or more memory than there is. */
const endless: [string, string][] = [
  ["brackets in brackets", `X = ${"[".repeat(5000)}${"]".repeat(5000)}`],
  ["a long dictionary", `X = {${lines(5000, (i) => `"k${i}": ${i},`)}}`],
  [
    "flags that each change a list",
    `import os\nX = []\n${lines(60, (i) => `if os.environ.get("V${i}") == "1":\n    X.append(${i})`)}`,
  ],
  [
    "one expression of many variables",
    `import os\nX = ${lines(300, (i) => `os.environ.get("V${i}")`).replaceAll("\n", " or ")}`,
  ],
  ["a loop without an end", "while True:\n    pass"],
  [
    "a list that grows for ever",
    "X = []\nfor i in range(100):\n    Y = [str(i)]\n    while Y:\n        X.append(Y[:])",
  ],
  ["recursion", "def f(n):\n    return f(n - 1) + f(n - 2)\nX = f(40)"],
  ["nested loops", "for i in range(4000):\n    for j in range(4000):\n        X = j"],
  ["doubling", 'X = "a"\nY = [1]\nfor i in range(100):\n    X += X\n    Y = Y + Y'],
  ["repetition", 'X = "a" * 10 ** 12'],
  ["modules that import each other", "from .other import *"],
  ["nothing, many times", 'X = [] * 10 ** 9\nY = () * 10 ** 13\nZ = "" * 10 ** 18'],
  ["a format that holds itself", 'X = "{0}" * 8\nfor i in range(30):\n    X = X.format(X)'],
  ["quotes in quotes", "X = '\\'\"'\nfor i in range(60):\n    X = repr(X)"],
  ["bytes that grow", 'import base64\nX = b"a" * 90000\nfor i in range(40):\n    X = base64.b64encode(X)'],
  ["the text of lists in a list", "X = [[0] * 9999] * 9999\nY = str(X)"],
  ["many rows at once", "X = list(zip(*[range(5000)] * 5000))"],
  ...[
    "X == twice([1])",
    "X < twice([1])",
    "X in [twice([1])]",
    "str(X)",
    "copy.deepcopy(X)",
    "json.dumps(X)",
  ].map((asked): [string, string] => [
    `lists that hold one list twice, 40 times: ${asked}`,
    `import copy, json\ndef twice(x):\n    for i in range(40):\n        x = [x, x]\n    return x\nX = twice([1])\nY = ${asked}`,
  ]),
  ...["X == twice(1)", "{X: 1}", "{X, twice(1)}", "isinstance(1, twice(int))", "hash(X)"].map(
    (asked): [string, string] => [
      `the same of tuples: ${asked}`,
      `def twice(x):\n    for i in range(40):\n        x = (x, x)\n    return x\nX = twice(1)\nY = ${asked}`,
    ],
  ),
];

test.each(endless)("%s: ends, and never says more than it knows", (_name, text) => {
  const result = lintText(`${SOUND}\n${text}`, { tree: { "mysite/other.py": "from .settings import *\n" } });
  expect(["pass", "unknown"]).toContain(verdict(result, "security.W018"));
});

/** What real settings of a thousand lines do: what costs more with each of them has to cost less. */
const large: [string, string, string][] = [
  [
    "130 variables that may each stop the settings, after two that are compared with something unknown",
    `import os
import pack
def limited(a, b):
    try:
        a = int(a) if a else None
        b = int(b) if b else None
    except ValueError as e:
        raise KeyError("a") from e
    if (a is None) != (b is None):
        raise KeyError("both or none")
    a = a * 1000 if a else pack.LIMIT
    b = b * 1000 if b else pack.LIMIT
    if a > b:
        raise KeyError("too much")
    if a < 0 and a != pack.LIMIT:
        raise KeyError("negative")
    if b < 0 and b != pack.LIMIT:
        raise KeyError("negative")
limited(os.environ.get("A"), os.environ.get("B"))
def flag(name):
    if os.environ.get(name, "0") not in ("0", "1"):
        raise ValueError(name)
    return os.environ.get(name) == "1"
${lines(130, (i) => `F${i} = flag("F${i}")`)}
DEBUG = flag("DEBUG")`,
    "depends",
  ],
  [
    "variables of any name that walk down to any setting, of six hundred",
    `import os
${lines(600, (i) => `S${i} = {"a": ${i}}`)}
def override(settings):
    for key, value in os.environ.items():
        if key.startswith("SITE__"):
            try:
                path = key.split("__")[1:]
                if path[0] == "INT":
                    value = int(value)
                    path = path[1:]
                elif value == "True":
                    value = True
                elif value == "False":
                    value = False
                target = settings
                while len(path) > 1:
                    try:
                        path[0] = int(path[0])
                        while len(target) <= path[0]:
                            target += [{}]
                    except ValueError:
                        if not path[0] in target:
                            target[path[0]] = {}
                    target = target[path.pop(0)]
                try:
                    path[0] = int(path[0])
                    while len(target) <= path[0]:
                        target += [{}]
                except ValueError:
                    pass
                target[path[0]] = value
            except Exception as e:
                print(f"cannot import {key}: {e}")
override(globals())
LATER = os.environ["LATER"]`,
    "unknown",
  ],
];

test.each(large)("%s: followed to the end", (_name, text, expected) => {
  const result = lintText(`${SOUND}\n${text}`);
  expect(JSON.stringify(result)).not.toContain("too long to follow");
  expect(verdict(result, "security.W018")).toBe(expected);
});

test("a key of tuples in tuples is found again, however deep they are", () => {
  const text = `X = (1, "a:b", ("c", ()))\nfor i in range(50):\n    X = (X,)\nY = {X: True}\nZ = list(Y)[0]\nDEBUG = Y[Z] and Z == X`;
  expect(verdict(lintText(`${SOUND}\n${text}`), "security.W018")).toBe("certain");
});

/** What a loop that runs nobody knows how often leaves behind. */
const loose: [string, string, string][] = [
  ["what it may have changed", `DEBUG = False\nfor x in many:\n    DEBUG = x`, "unknown"],
  ["what it has not changed", `DEBUG = True\nfor x in many:\n    if x:\n        break\n    X = x`, "certain"],
  [
    "who has returned in it",
    `def f():\n    for x in many:\n        if x:\n            return True\n    return True\nDEBUG = f()`,
    "certain",
  ],
  [
    "or after it",
    `def f():\n    for x in many:\n        if x:\n            return True\n    return False\nDEBUG = f()`,
    "unknown",
  ],
  [
    "who was caught",
    `DEBUG = False\ntry:\n    for x in many:\n        if x:\n            raise KeyError\nexcept KeyError:\n    DEBUG = True`,
    "unknown",
  ],
  [
    "who was not",
    `DEBUG = True\ntry:\n    for x in many:\n        if x:\n            raise KeyError\nexcept KeyError:\n    pass`,
    "certain",
  ],
  [
    "who was caught after more branches than can be told apart",
    `DEBUG = False\ntry:\n    for x in many:\n${lines(30, (i) => `        if x == ${i}:\n            X = x + 1`)}\n        if x == 99:\n            raise KeyError\n        Y = 1\nexcept KeyError:\n    DEBUG = True`,
    "unknown",
  ],
  [
    "what is set after such a loop",
    `for x in many:\n${lines(30, (i) => `    if x == ${i}:\n        X = x + 1`)}\n    Y = X\nDEBUG = True`,
    "certain",
  ],
  [
    "what another loop in it may do",
    `DEBUG = False\nfor x in many:\n    while x.more():\n        DEBUG = x.debug\n        x = x.next`,
    "unknown",
  ],
  [
    "what only a later turn binds",
    `it = iter([1, 2])\nfor x in many:\n    try:\n        next(it)\n    except StopIteration:\n        LATE = True\nDEBUG = "LATE" in globals()`,
    "unknown",
  ],
  [
    "what only a later turn raises",
    `it = iter([1, 2])\nDEBUG = False\ntry:\n    for x in many:\n        next(it)\nexcept StopIteration:\n    DEBUG = True`,
    "unknown",
  ],
];

test.each(loose)("a loop of nobody knows how many turns: %s", (_name, text, expected) => {
  expect(verdict(lintText(`${SOUND}\nfrom pack import many\n${text}`), "security.W018")).toBe(expected);
});

test("Python 2 is named at its line, and the rest is still judged", () => {
  const result = lintText(`${SOUND}\nprint "hello"\nDEBUG = True`);
  expect(result.findings.find((f) => f.id === "djdeploy.settings-syntax")).toMatchObject({ line: 22 });
  expect(verdict(result, "security.W018")).toBe("certain");
});

test("a byte order mark, Windows lines and bare except lists are read", () => {
  const result = lintText(
    `\uFEFF${SOUND}\ntry:\n    pass\nexcept ValueError, TypeError:\n    pass\n`.replaceAll("\n", "\r\n"),
  );
  expect(verdict(result, "djdeploy.settings-syntax")).toBe("pass");
});

test("a form feed before a statement is none of its indentation, as for Python", () => {
  const result = lintText(`${SOUND}\n\f\nif True:\n    X = 1\n  \f    Y = 2\n\fDEBUG = True\n`);
  expect(verdict(result, "djdeploy.settings-syntax")).toBe("pass");
  expect(verdict(result, "security.W018")).toBe("certain");
});
