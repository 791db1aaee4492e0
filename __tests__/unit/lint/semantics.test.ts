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
const cases: [string, string, string, string, Record<string, string>?][] = [
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
];

describe("semantics", () => {
  test.each(cases)("%s", (_name, id, text, expected, tree = {}) => {
    expect(verdict(lintText(`${SOUND}\n${text}`, { tree }), id)).toBe(expected);
  });

  test("a project whose apps come from outside may take anything from there", () => {
    expect(verdict(lintText("from pack.settings import *\nDEBUG = False"), HOSTS)).toBe("unknown");
  });
});
