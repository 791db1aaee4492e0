import { describe, expect, test } from "vitest";
import { lintText, SOUND, verdict } from "./judge-of.ts";

const DEBUG = "security.W018";
const FAIL = "djdeploy.settings-fail";

/** What Python does without an exception, modelled here or not: name, statements, files beside the settings. */
const fine: [string, string, Record<string, string>?][] = [
  ["str.translate", `X = "a-b".translate({45: "_"})`],
  ["str.maketrans", `X = str.maketrans("ab", "xy")`],
  ["dict.fromkeys", `X = list(dict.fromkeys(["a", "a"]))`],
  ["object.__setattr__", `class C:\n    pass\nc = C()\nobject.__setattr__(c, "x", 1)\nX = c.x`],
  ["bytes.fromhex", `X = bytes.fromhex("6162").decode()`],
  ["int.from_bytes", `X = int.from_bytes(b"a", "big")`],
  [
    "dict.__getitem__",
    `class D(dict):\n    def __getitem__(self, k):\n        return dict.__getitem__(self, k)\nX = D(a=1)["a"]`,
  ],
  ["a method of an operator", `X = "abc".__contains__("b")`],
  ["an enumeration made by a call", `from enum import Enum\nC = Enum("C", "RED BLUE")\nX = C.RED.value`],
  [
    "json of base64",
    `import base64, json\nos.environ.setdefault("B", "e30=")\nX = json.loads(base64.b64decode(os.environ["B"]))`,
  ],
  ["a method of a type", `X = list(map(str.strip, [" a"])) + sorted(["b"], key=str.lower)`],
  ["deque", `from collections import deque\nX = deque([1], maxlen=2)\nX.appendleft(0)\nY = X.maxlen`],
  ["an attribute of a range", `X = range(3).stop`],
  ["an attribute of a function", `def f():\n    pass\nf.x = 1\nX = f.x, f.__doc__, f.__module__`],
  ["an attribute of a class", `class C:\n    pass\nX = C.__doc__, C.__module__, C.mro()`],
  ["a slice that is set", `X = [1, 2, 3]\nX[1:] = [4]\ndel X[:1]`],
  ["views as sets", `X = {"a": 1}.keys() & {"a"}`],
  ["bit arithmetic of large numbers", `X = (1 << 70) | 1`],
  ["a class of classes", `class M(type):\n    x = 1\nclass C(metaclass=M):\n    pass\nX = C.x`],
  [
    "a decorated class",
    `from functools import total_ordering\n@total_ordering\nclass C:\n    def __lt__(self, o):\n        return True\nX = C() >= C()`,
  ],
  ["a deep recursion", `def f(n):\n    return n and f(n - 1)\nX = f(200)`],
  ["numbers", `X = (5).__floordiv__(2), (2.5).hex(), (3).to_bytes(2, "big"), 1j * 1j`],
  ["a union of types", `X = int | None`],
  [
    "load_dotenv() in a module that two branches import",
    "from mysite.extra import *",
    { "mysite/extra.py": "from dotenv import load_dotenv\nload_dotenv()\n" },
  ],
  [
    "read_env() without a path",
    "from mysite.extra import *",
    { "mysite/extra.py": "import environ\nenviron.Env.read_env()\n" },
  ],
  [
    "an attribute of a library that is not modelled",
    "from configurations import Configuration\nX = Configuration.LANGUAGES",
  ],
];

/** The same statements in one of two branches, and in both by turns. */
const branched = (text: string): string =>
  `import os\nif os.environ.get("ENV") == "prod":\n    DEBUG = False\nelse:\n    DEBUG = True\n${text.replace(/^/gm, "    ")}`;

describe("what is not modelled is no exception of the program", () => {
  test.each(fine)("%s: the branch it stands in lives", (_name, text, tree = {}) => {
    expect(verdict(lintText(`${SOUND}\n${branched(text)}`, { tree }), DEBUG)).toBe("depends, fails unset");
  });

  test.each(fine)("%s: the settings load", (_name, text, tree = {}) => {
    const result = lintText(`${SOUND}\nimport os\n${text}\nDEBUG = True`, { tree });
    expect([verdict(result, FAIL), verdict(result, DEBUG)]).toEqual(["pass", "certain"]);
  });
});

/** Where something is not followed, both ways on are: name, statements, the verdict on DEBUG. */
const joined: [string, string, string][] = [
  [
    "a function that may raise",
    "import pack\ntry:\n    X = int(pack.x)\n    DEBUG = False\nexcept ValueError:\n    DEBUG = True",
    "unknown",
  ],
  [
    "a call that may raise",
    "import pack\nDEBUG = False\ntry:\n    pack.f()\nexcept Exception:\n    DEBUG = True",
    "unknown",
  ],
  [
    "an operation in place with what is not known",
    "import pack\nn, x = pack.n, 0.5\nDEBUG = False\ntry:\n    x *= n\nexcept TypeError:\n    DEBUG = True",
    "unknown",
  ],
  [
    "a list that something unknown is added to",
    "import pack\nn, x = pack.n, []\nDEBUG = False\ntry:\n    x += n\nexcept TypeError:\n    DEBUG = True",
    "unknown",
  ],
  [
    "an element that may have no hash",
    'import os\nz = {1}\nDEBUG = False\ntry:\n    z.add(os.environ.get("A", "a").split(","))\nexcept TypeError:\n    DEBUG = True',
    "unknown",
  ],
  [
    "an import that fails is caught apart from what is called",
    "DEBUG = False\ntry:\n    import os\n    os.getlogin()\nexcept ImportError:\n    DEBUG = True",
    "pass",
  ],
  [
    "a handler of something else",
    "import pack\nDEBUG = False\ntry:\n    try:\n        pack.f()\n    except KeyError:\n        pass\nexcept Exception:\n    DEBUG = True",
    "unknown",
  ],
  [
    "what is certain is",
    "DEBUG = False\ntry:\n    [].push(1)\nexcept AttributeError:\n    DEBUG = True",
    "certain",
  ],
  [
    "what a function is given may have changed",
    "import pack\nflags = {'DEBUG': False}\npack.load(flags)\nDEBUG = flags['DEBUG']",
    "unknown",
  ],
  [
    "and what is in it",
    "import pack\nflags = {'DEBUG': False}\npack.load([flags])\nDEBUG = flags['DEBUG']",
    "unknown",
  ],
  [
    "an object too",
    "import pack\nclass C:\n    debug = False\nc = C()\npack.load(c)\nc.debug = c.debug\nDEBUG = c.debug",
    "unknown",
  ],
  ...[
    "pack.load(flags)",
    "flags.pop(pack.key, None)",
    "del flags[pack.key]",
    "flags[pack.key] = 1\nflags.popitem()",
    "copy = flags\npack.load([copy])",
  ].map((taken): [string, string, string] => [
    `something may be gone: ${taken}`,
    `import pack\nflags = {'PROD': True, 'X': 1}\n${taken}\nDEBUG = 'PROD' not in flags`,
    "unknown",
  ]),
  ...["hasattr(c, 'prod')", "getattr(c, 'prod', False)", "'prod' in vars(c)", "bool(vars(c))"].map(
    (asked): [string, string, string] => [
      `an attribute may be gone: ${asked}`,
      `import pack\nclass C:\n    pass\nc = C()\nc.prod = True\npack.load(c)\nDEBUG = not ${asked}`,
      "unknown",
    ],
  ),
  ...["{1}.add(c)", "{1}.discard(c)", "{}[c] = 1", "[1, *pack.all].remove(2)", "str(pack.x).nope"].map(
    (act): [string, string, string] => [
      `it may raise: ${act}`,
      `import pack\nclass C:\n    def __eq__(self, o):\n        return True\nc = C()\nDEBUG = False\ntry:\n    ${act}\nexcept Exception:\n    DEBUG = True`,
      "unknown",
    ],
  ),
  ...["from os import nope", "import os; os.nope", "from collections import Mapping"].map(
    (act): [string, string, string] => [
      `what no table of Python has may be missing: ${act}`,
      `DEBUG = False\ntry:\n    ${act}\nexcept (ImportError, AttributeError):\n    DEBUG = True`,
      "unknown",
    ],
  ),
  [
    "a loop of nobody knows how many turns may have taken it out",
    "import pack\nflags = {'PROD': True}\nfor x in pack.all:\n    flags.pop('PROD', None)\nDEBUG = 'PROD' not in flags",
    "unknown",
  ],
  [
    "the items of a number",
    "import pack\nDEBUG = False\ntry:\n    sorted(hash(pack.x))\nexcept TypeError:\n    DEBUG = True",
    "unknown",
  ],
  [
    "an element of a list of which too much depends",
    "import os\nl = [1]\nfor i in str(os.environ.get('FLAG')):\n    l += '1'\ndel l[len(os.environ.get('A', ''))]\nDEBUG = l == []",
    "depends",
  ],
  [
    "an object that is asked whether it is true",
    "class C:\n    on = False\n    def __bool__(self):\n        return self.on\nDEBUG = C()",
    "unknown",
  ],
  [
    "whether a path that is not known is absolute",
    "import os, pack\nDEBUG = os.path.isabs(pack.x) or bool(os.path.basename(pack.x))",
    "unknown",
  ],
  ...["join(pack.x)", "join(pack.x, pack.y)", "expanduser(pack.x)", "normcase(pack.x)"].map(
    (asked): [string, string, string] => [
      `whether a path that is not known is empty: ${asked}`,
      `import os, pack\nDEBUG = not os.path.${asked}`,
      "unknown",
    ],
  ),
  [
    "a path with a name in it is not empty",
    "import os, pack\nDEBUG = not os.path.join(pack.x, 'static') or not os.path.abspath(pack.x)",
    "pass",
  ],
  [
    "two attributes of which nothing is known are not one",
    "import pack\nclass C:\n    pass\nc = C()\npack.load(c)\nDEBUG = c.a != c.b",
    "unknown",
  ],
  [
    "an order of which only the environment knows whether there is one",
    "import os\nDEBUG = False\ntry:\n    [1] < os.environ.get('A', 'a').split(',')\nexcept TypeError:\n    DEBUG = True",
    "unknown",
  ],
  [
    "a key that is put in takes none away",
    "import pack\nflags = {'PROD': True}\nflags[pack.key] = 1\nflags.update(pack.more)\nDEBUG = 'PROD' not in flags",
    "pass",
  ],
  [
    "what it was not given has not",
    "import pack\nflags = {'DEBUG': False}\npack.load([])\nDEBUG = flags['DEBUG']",
    "pass",
  ],
  [
    "a method that is not modelled changes its object",
    "flags = {'DEBUG': False}\nflags.__ior__({'DEBUG': True})\nDEBUG = flags['DEBUG']",
    "unknown",
  ],
  [
    "a loop that runs we do not know how often",
    "import pack\nX = []\nfor x in pack.all:\n    X.append(x)\nDEBUG = len(X) > 1",
    "unknown",
  ],
  [
    "a set refuses a tuple that holds a list",
    "DEBUG = False\ntry:\n    set([(1, []), (2, 'a')])\nexcept TypeError:\n    DEBUG = True",
    "certain",
  ],
  [
    "to delete a name that somebody may have set may fail",
    "import pack\nDEBUG = False\nfor a, b in pack.all:\n    globals()[a] = b\nDEBUG = False\ntry:\n    del NOWHERE\nexcept NameError:\n    DEBUG = True",
    "unknown",
  ],
  [
    "what a file of the host holds",
    "from dotenv import dotenv_values\nDEBUG = dotenv_values('/etc/shop/.env').get('DEBUG', 'False') == 'True'",
    "unknown",
  ],
  ["the order of a set", "X = list({'a', 'b'})\nDEBUG = X[0] == 'b'", "unknown"],
  ["but not what is in it", "X = list({'a', 'b'})\nDEBUG = 'b' in X", "certain"],
];

test.each(joined)("%s", (_name, text, expected) => {
  expect(verdict(lintText(`${SOUND}\n${text}`), DEBUG)).toBe(expected);
});
