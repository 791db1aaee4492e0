import { describe, expect, test } from "vitest";
import { lintText, SOUND, verdict } from "./judge-of.ts";

const DEBUG = "security.W018";
const KEY = "security.W009";
const HOSTS = "security.W020";
const FAIL = "djdeploy.settings-fail";
const SECURITY = `"django.middleware.security.SecurityMiddleware"`;

const lines = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join("\n");

/** What Python and the libraries do, each found in real settings: name, id, settings, verdict, other files. */
type Case = [string, string, string, string, Record<string, string>?];

const cases: Case[] = [
  [
    "a look-up that fails for one value of a variable fails for that value only",
    FAIL,
    `import os\nX = {"a": 1, "b": 2}[os.environ.get("X", "a")]`,
    "pass",
  ],
  [
    "and is caught for that value only",
    DEBUG,
    `import os\ntry:\n    X = {"a": 1}[os.getenv("X", "a")]\n    DEBUG = False\nexcept KeyError:\n    DEBUG = True`,
    "depends",
  ],
  [
    "a class over a class with several bases has all ancestors",
    DEBUG,
    `from configurations import Configuration\nclass A:\n    pass\nclass B:\n    pass\nclass Base(A, B, Configuration):\n    DEBUG = False\nclass Production(Base):\n    DEBUG = True`,
    "certain",
  ],
  [
    "of twenty flags that each add a middleware none adds this one",
    "security.W002",
    `import os\nMIDDLEWARE = [${SECURITY}]\n${lines(20, (i) => `if os.environ.get("F${i}"):\n    MIDDLEWARE += ["m${i}"]`)}`,
    "certain",
  ],
  [
    "and one of them can be asked for",
    DEBUG,
    `import os\nX = []\n${lines(20, (i) => `if os.environ.get("F${i}"):\n    X += ["m${i}"]`)}\nDEBUG = "m7" in [x for x in X if x != "m8"]`,
    "depends",
  ],
  ...(
    [
      ["enumerate", "L = [1, 2]\nfor X in enumerate(L):\n    L.clear()\nDEBUG = X[0] == 1"],
      ["iter", "L = [1]\nI = iter(L)\nL.append(2)\nDEBUG = len(list(I)) == 1"],
      ["zip", "L = [1, 2]\nfor X in zip(L, 'ab'):\n    L.clear()\nDEBUG = X[0] == 2"],
      ["map", "L = [1]\nI = map(str, L)\nL.append(2)\nDEBUG = len(list(I)) == 1"],
      ["reversed", "L = [1]\nI = reversed(L)\nL.append(2)\nDEBUG = list(I) == [1]"],
      ["a generator", "L = [1]\nG = (x for x in L)\nL.append(2)\nDEBUG = len(list(G)) == 1"],
      ["values", "D = {'a': 1}\nV = D.values()\nD['a'] = 2\nDEBUG = list(V) == [1]"],
      ["items", "D = {'a': 1}\nV = D.items()\nD['b'] = 2\nDEBUG = len(V) == 1"],
      ["keys", "D = {'a': 1}\nV = D.keys()\nD['b'] = 2\nDEBUG = 'b' not in V"],
      ["iter of values", "D = {'a': 1}\nV = iter(D.values())\nD['a'] = 2\nDEBUG = next(V) == 1"],
      ["next", "D = {'a': 1}\nI = iter(D.keys())\nD['b'] = 2\nDEBUG = next(I, 'x') == 'a'"],
    ] as const
  ).map(([name, settings]): Case => [`${name} reads as it goes`, DEBUG, settings, "unknown"]),
  ...(
    [
      [
        "a loop that changes the values of what it reads",
        "D = {'a': 1}\nfor k, v in D.items():\n    D[k] = v + 1\nDEBUG = D['a'] == 2",
      ],
      [
        "the same, counted",
        "D = {'a': 1}\nfor i, (k, v) in enumerate(D.items()):\n    D[k] = i\nDEBUG = D['a'] == 0",
      ],
      ["a view that nothing changed under", "D = {'a': 1}\nV = D.values()\nDEBUG = list(V) == [1]"],
    ] as const
  ).map(([name, settings]): Case => [`${name} is followed`, DEBUG, settings, "certain"]),
  [
    "a name that a star import may have brought is perhaps among the globals",
    DEBUG,
    `from pack import *\nDEBUG = False\nif "LIVE" in globals():\n    DEBUG = True`,
    "unknown",
  ],
  [
    "and perhaps what is found by a look at all of them",
    DEBUG,
    `from pack import *\nDEBUG = False\nfor name in list(globals()):\n    if name == "LIVE":\n        DEBUG = True`,
    "unknown",
  ],
  [
    "and among those of a module",
    DEBUG,
    `from . import other\nDEBUG = vars(other).get("LIVE", False)`,
    "unknown",
    { "mysite/other.py": "from pack import *\n" },
  ],
  [
    "files included by flags are followed",
    DEBUG,
    `import os\nfrom split_settings.tools import include, optional\nparts = ["base.py"]\n${lines(9, (i) => `if os.environ.get("F${i}"):\n    parts.append("p${i}.py")`)}\ninclude(*parts, optional("/etc/site/local.py"))`,
    "certain",
    { "mysite/base.py": "DEBUG = True\n" },
  ],
  [
    "a file included by a name that nobody knows may set anything",
    HOSTS,
    `from split_settings.tools import include\nfrom pack import name\ninclude(name)`,
    "unknown",
  ],
  [
    "a default of django-environ that is put together from variables is no proxy",
    FAIL,
    `import environ\nenv = environ.Env()\nDEBUG = False\nX = env("X", f"https://{env('A')}.{env('B')}.{env('C')}.{env('D')}")`,
    "pass",
  ],
  [
    "a key that is written to a file is read again",
    KEY,
    `import os\nfrom django.core.management.utils import get_random_secret_key\nwith open("key.txt", "x") as f:\n    f.write(get_random_secret_key())\nwith open("key.txt") as f:\n    SECRET_KEY = f.read().strip()`,
    "pass",
  ],
  [
    "versions with parts that are not known are compared",
    FAIL,
    `import pack\nif tuple(map(int, pack.version.split("."))) < (3, 2):\n    X = 1\nelse:\n    X = 2`,
    "pass",
  ],
  [
    "a module named by a variable is one of the project",
    DEBUG,
    `import os\nfrom importlib import import_module\ntry:\n    globals().update(import_module(os.environ.get("EXTRA", "mysite.extra")).__dict__)\nexcept ImportError:\n    pass`,
    "pass",
  ],
  [
    "defaults of an app from outside leave a project's own settings alone",
    DEBUG,
    `ROOT_URLCONF = "mysite.urls"\nfrom pack.defaults import *`,
    "pass",
  ],
  [
    "the names of a module of the project can be copied",
    DEBUG,
    `from . import base\nvars().update(base.__dict__)`,
    "certain",
    { "mysite/base.py": "DEBUG = True\n" },
  ],
  [
    "a mail URL sets what is about mail",
    DEBUG,
    `import dj_email_url\nvars().update(dj_email_url.config())`,
    "pass",
  ],
  [
    "a text that is no flag ends prettyconf's settings",
    "djdeploy.settings-need-variable",
    `from prettyconf import config\nDEBUG = config("debug", cast=config.boolean)`,
    "depends, fails unset",
  ],
  [
    "a TOML file of the repository is read",
    DEBUG,
    `import tomllib\nwith open("site.toml", "rb") as f:\n    DEBUG = tomllib.load(f)["web"]["debug"]`,
    "certain",
    { "site.toml": "[web]\ndebug = true\n" },
  ],
  [
    "pydantic's old Config gives a prefix and a file",
    DEBUG,
    `from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    debug: bool = False\n    class Config:\n        env_prefix = "SITE_"\n        env_file = "site.env"\nDEBUG = S(site_debug=True).debug`,
    "depends, fails unset",
    { "site.env": "SITE_DEBUG=on\n" },
  ],
  [
    "sys.modules loses an entry",
    DEBUG,
    `import sys\n__import__("pysqlite3")\nsys.modules["sqlite3"] = sys.modules.pop("pysqlite3")\nDEBUG = True`,
    "certain",
  ],
  [
    "what Python itself has loaded is in sys.modules",
    FAIL,
    `import sys\nX = sys.modules["logging"]\nY = sys.modules.pop("sqlite3")`,
    "pass",
  ],
  [
    "the version of Python has names",
    DEBUG,
    `import sys\nDEBUG = sys.version_info.major == 3 and sys.version_info.minor > 6`,
    "certain",
  ],
  [
    "an attribute that Python has and the evaluator has not is no AttributeError",
    FAIL,
    `import datetime, pathlib, re\npathlib.Path("x").suffixes\n{1}.issuperset([1])\n{}.fromkeys([1])\n"a".isascii()\n(1).bit_count()\ndatetime.timedelta(1).microseconds\nre.match("a", "a").string\n[1].__len__()\ntry:\n    open("gone.txt")\nexcept OSError as e:\n    X = e.errno`,
    "pass",
  ],
  [
    "an attribute that Python has not is one",
    DEBUG,
    `try:\n    [].push(1)\n    DEBUG = False\nexcept AttributeError:\n    DEBUG = True`,
    "certain",
  ],
  [
    "nor have Python's exceptions a message",
    DEBUG,
    `DEBUG = not hasattr(ValueError("x"), "message")`,
    "certain",
  ],
  [
    "a set changes in place",
    DEBUG,
    `names = {"a", "b"}\nnames.difference_update(["a"])\nnames.intersection_update(["b", "c"])\nDEBUG = names == {"b"}`,
    "certain",
  ],
  [
    "a copy of os.environ is read like it",
    DEBUG,
    `import os\nos.environ["SET"] = "1"\nenv = os.environ.copy()\nDEBUG = env["D"] == "1" if "D" in env else env.get("E", "1") == "1"`,
    "depends, fails unset",
  ],
  [
    "and says what was set before",
    DEBUG,
    `import os\nos.environ["SET"] = "1"\nenv = os.environ.copy()\nDEBUG = env["SET"] == "1" and isinstance(env, dict)`,
    "certain",
  ],
  [
    "but nothing of what was written since",
    DEBUG,
    `import os\nos.environ["SET"] = "1"\nenv = os.environ.copy()\nos.environ["D"] = "1"\nDEBUG = env.get("D") != "1"`,
    "unknown",
  ],
  [
    "or written to it",
    DEBUG,
    `import os\nos.environ["SET"] = "1"\nenv = os.environ.copy()\nenv["D"] = "0"\nDEBUG = env.get("D") != "0"`,
    "unknown",
  ],
  [
    "or may have been, by somebody else",
    DEBUG,
    `import os\nos.environ["SET"] = "1"\nenv = os.environ.copy()\nimport pack\npack.f(env)\nDEBUG = "D" not in env`,
    "unknown",
  ],
  [
    "or by a name of which the environment decides",
    DEBUG,
    `import os\nos.environ["SET"] = "1"\nenv = os.environ.copy()\nenv.update({os.environ.get("N", "D"): "0"})\nDEBUG = env.get("D") != "0"`,
    "unknown",
  ],
  [
    "and of all there is",
    DEBUG,
    `import os\nos.environ["SET"] = "1"\nenv = os.environ.copy()\nDEBUG = len(env) == 0 or not list(env) or dict(env) == {} or not [*env.items()] or not {**env}`,
    "unknown",
  ],
  [
    "keys of every type are keys",
    DEBUG,
    `from pathlib import Path\nkinds = {1: 0, None: 0, b"b": 0, Path("p"): 0, (1, ""): 0, ...: 0, int: 0, "s": 0}\nDEBUG = len(list(kinds)) == 8 and bool({0: 0}) and None in kinds and list(kinds)[4] == (1, "")`,
    "certain",
  ],
  [
    "popitem takes what came last",
    DEBUG,
    `flags = {"DEBUG": True, "X": 1}\nflags.popitem()\nDEBUG = flags.get("DEBUG", False)`,
    "certain",
  ],
  [
    "arguments may be given by name",
    DEBUG,
    `import json, os, importlib\nwith open(file="mysite/flags.json", mode="r") as f:\n    flags = json.load(fp=f)\nNAME = os.path.basename(p="a/b")\nDEBUG = flags["debug"] and importlib.import_module(name="mysite.more").ON and NAME == "b" and "1,2".split(sep=",") == ["1", "2"]`,
    "certain",
    { "mysite/flags.json": `{"debug": true}`, "mysite/more.py": "ON = True" },
  ],
  [
    "a variable's too",
    DEBUG,
    `import os\nDEBUG = os.getenv(key="DEBUG", default="1") == "1"`,
    "depends, fails unset",
  ],
  [
    "what a library's function is given besides is no guess",
    DEBUG,
    `import json, re\ndef hook(found):\n    return True\nDEBUG = bool(re.compile("DEV", flags=re.I).match("dev")) and json.loads('{"on": false}', object_hook=hook)`,
    "unknown",
  ],
  [
    "an empty dict takes any key to be popped",
    DEBUG,
    `try:\n    FOUND = {}.pop([1], "a")\nexcept TypeError:\n    FOUND = "b"\nDEBUG = FOUND == "b"`,
    "unknown",
  ],
  [
    "a list has no order beside a number, whatever is in it",
    DEBUG,
    `import os\ntry:\n    [x for x in os.environ.get("A", "x,y").split(",")] < 1\nexcept TypeError:\n    DEBUG = True`,
    "certain",
  ],
  ...[
    "hash([1, 2])",
    "setattr(Plain, 1, 2)",
    "getattr(Plain, None)",
    "hasattr(Plain, 3)",
    "configparser.ConfigParser().add_section(2)",
  ].map(
    (does): Case => [
      `a wrong type is refused: ${does}`,
      DEBUG,
      `import configparser\nclass Plain:\n    pass\ntry:\n    ${does}\nexcept TypeError:\n    DEBUG = True`,
      "certain",
    ],
  ),
  ...[
    `next(iter({"a", "b", "c", "d", "e", "f", "g", "h", "i"})) == "e"`,
    `bool("x" % object())`,
    `sorted([2, 1], reverse=None) == [1, 2]`,
  ].map((text): Case => [`nobody knows: ${text}`, DEBUG, `DEBUG = ${text}`, "unknown"]),
  ["and the length of a key", KEY, `import secrets\nSECRET_KEY = secrets.token_hex(nbytes=8)`, "certain"],
];

describe("semantics", () => {
  test.each(cases)("%s", (_name, id, text, expected, tree = {}) => {
    expect(verdict(lintText(`${SOUND}\n${text}`, { tree }), id)).toBe(expected);
  });

  test("a project whose apps come from outside may take anything from there", () => {
    expect(verdict(lintText("from pack.settings import *\nDEBUG = False"), HOSTS)).toBe("unknown");
  });
});

/** A tracked .env file as each library reads it. */
const ENV_FILE = `A=off # comment
export B= "quoted"
C='single' # comment
D="two words"
E=\${D}!
`;

describe.each([
  [
    "python-dotenv",
    `from dotenv import load_dotenv\nload_dotenv("/srv/site/.env")`,
    ["off", "quoted", "single", "two words", "two words!"],
  ],
  [
    "django-environ",
    `import environ\nenviron.Env.read_env("/srv/site/.env")`,
    ["off # comment", ' "quoted"', "'single' # comment", "two words", "\u0024{D}!"],
  ],
  [
    "decouple",
    `from decouple import config\nimport os\nfor k in "ACDE":\n    os.environ[k] = config(k)\nos.environ["B"] = config("export B")`,
    ["off # comment", "quoted", "'single' # comment", "two words", "\u0024{D}!"],
  ],
])("a .env file read by %s", (_name, read, expected) => {
  test.each(["A", "B", "C", "D", "E"].map((name, i) => [name, expected[i]]))("%s is %j", (name, value) => {
    const text = `${SOUND}\n${read}\nimport os\nRESULT = os.environ["${name}"]`;
    const result = lintText(text, {
      tree: { ".env": ENV_FILE },
      environment: { SECRET_KEY: "k".repeat(60) },
    });
    const shown = result.settings.RESULT;
    expect([shown?.value, shown?.certainty]).toEqual([value, "depends"]);
  });
});

test("a setting of a class of django-configurations is found in the class", () => {
  const text =
    "from configurations import Configuration\nclass Production(Configuration):\n    DEBUG = True\n";
  expect(lintText(text).settings.DEBUG).toMatchObject({ value: true, line: 3 });
});
