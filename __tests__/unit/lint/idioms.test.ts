import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lintText, SOUND, verdict } from "./judge-of.ts";

const DEBUG = "security.W018";
const KEY = "security.W009";
const HOSTS = "security.W020";
const NEVER = "djdeploy.allowed-hosts-never-match";
const ENTRY = "djdeploy.allowed-hosts-entry";

/** What misleads tools that match text: number, id, settings after sound ones, verdict, other files. */
const idioms: [string, string, string, string, Record<string, string>?][] = [
  ["1 a flag without a cast", DEBUG, `import os\nDEBUG = os.environ.get("DEBUG", False)`, "depends"],
  ["2 bool() round a text", DEBUG, `import os\nDEBUG = bool(os.environ.get("DEBUG", ""))`, "depends"],
  [
    "3 on unless exactly 'false'",
    DEBUG,
    `import os\nDEBUG = os.getenv("DEBUG", "true") != "false"`,
    "depends, fails unset",
  ],
  [
    "4 on where the platform is not",
    DEBUG,
    `import os\nDEBUG = "RENDER" not in os.environ`,
    "depends, fails unset",
  ],
  [
    "5 compared with the name of an environment",
    DEBUG,
    `import os\nENV = os.getenv("ENV", "prd")\nDEBUG = ENV != "prd"`,
    "depends",
  ],
  [
    "6 decouple without a cast",
    DEBUG,
    `from decouple import config\nDEBUG = config("DEBUG", default="False")`,
    "depends, fails unset",
  ],
  [
    "7 a literal after or",
    KEY,
    `import os\nSECRET_KEY = os.environ.get("KEY") or "short"`,
    "depends, fails unset",
  ],
  [
    "8 a key made at import",
    "djdeploy.secret-key-generated",
    "from django.core.management.utils import get_random_secret_key\nSECRET_KEY = get_random_secret_key()",
    "certain",
  ],
  [
    "8 token_urlsafe(32) is too short",
    KEY,
    "import secrets\nSECRET_KEY = secrets.token_urlsafe(32)",
    "certain",
  ],
  ["8 token_hex(32) is long enough", KEY, "import secrets\nSECRET_KEY = secrets.token_hex(32)", "pass"],
  [
    "9 ''.split(',') passes Django's check",
    HOSTS,
    `import os\nALLOWED_HOSTS = os.environ.get("HOSTS", "").split(",")`,
    "pass",
  ],
  [
    "9 ''.split(',') never matches",
    NEVER,
    `import os\nALLOWED_HOSTS = os.environ.get("HOSTS", "").split(",")`,
    "depends, fails unset",
  ],
  [
    "10 blanks that django-environ keeps",
    ENTRY,
    `import environ\nenv = environ.Env()\nALLOWED_HOSTS = env.list("HOSTS", default=["a.com", " b.com"])`,
    "depends, fails unset",
  ],
  ["11 a scheme", NEVER, `ALLOWED_HOSTS = ["https://example.com"]`, "certain"],
  ["11 a star before a dot", NEVER, `ALLOWED_HOSTS = ["*.example.com"]`, "certain"],
  ["11 only a leading dot means subdomains", NEVER, `ALLOWED_HOSTS = [".example.com"]`, "pass"],
  [
    "12 a text as the default of a list",
    "djdeploy.allowed-hosts-type",
    `from environs import Env\nenv = Env()\nALLOWED_HOSTS = env.list("HOSTS", default="localhost")`,
    "depends, fails unset",
  ],
  [
    "13 None has no split",
    "djdeploy.settings-need-variable",
    `import os\nALLOWED_HOSTS = os.getenv("HOSTS").split(",")`,
    "depends, fails unset",
  ],
  [
    "14 local settings that are not in git",
    DEBUG,
    "try:\n    from .local_settings import *\nexcept ImportError:\n    pass",
    "pass",
  ],
  [
    "15 a star import after the assignment",
    DEBUG,
    "DEBUG = False\nfrom .dev import *",
    "certain",
    { "mysite/dev.py": "DEBUG = True\n" },
  ],
  [
    "17 a block under if not DEBUG",
    "security.W004",
    `import os\nDEBUG = os.environ.get("DEBUG") == "1"\nSECURE_HSTS_SECONDS = 0\nif not DEBUG:\n    SECURE_HSTS_SECONDS = 60`,
    "depends",
  ],
  [
    "18 a text is not True",
    "security.W008",
    `import os\nSECURE_SSL_REDIRECT = os.environ.get("REDIRECT", "True")`,
    "certain",
  ],
  [
    "21 a scheme with the cast in the constructor",
    DEBUG,
    `import environ\nenv = environ.Env(DEBUG=(bool, False))\nDEBUG = env("DEBUG")`,
    "depends",
  ],
  [
    "22 an own helper",
    DEBUG,
    `import os\ndef flag(name, default="0"):\n    return os.environ.get(name, default).strip().lower() in {"1", "true"}\nDEBUG = flag("DEBUG", "true")`,
    "depends, fails unset",
  ],
  [
    "23 django_heroku sets hosts",
    "djdeploy.allowed-hosts-wildcard",
    "import django_heroku, os\nBASE_DIR = '/x'\nALLOWED_HOSTS = []\ndjango_heroku.settings(locals())",
    "certain",
  ],
  [
    "25 include by pattern",
    DEBUG,
    `from split_settings.tools import include\ninclude("parts/*.py")`,
    "certain",
    { "mysite/parts/10.py": "DEBUG = True\n" },
  ],
  [
    "26 an update that nobody sees",
    DEBUG,
    `import yaml\nvars().update(yaml.safe_load(open("/etc/site.yml")))`,
    "unknown",
  ],
  ["26 globals() by name", DEBUG, `for name in ("DEBUG",):\n    globals()[name] = True`, "certain"],
  ["27 a trailing comma", "security.W016", "CSRF_COOKIE_SECURE = True,", "certain"],
  [
    "19 a header that Django never sees",
    "djdeploy.proxy-header",
    `SECURE_PROXY_SSL_HEADER = ("X-Forwarded-Proto", "https")`,
    "certain",
  ],
  [
    "29 no database while nothing is set",
    "djdeploy.database-missing",
    `import dj_database_url\nDATABASES = {"default": dj_database_url.config()}`,
    "depends, fails unset",
  ],
  ["28 by the name of the host", DEBUG, `import socket\nDEBUG = socket.gethostname() == "laptop"`, "unknown"],
  ["28 by an argument", DEBUG, `import sys\nDEBUG = "runserver" in sys.argv`, "pass"],
];

describe("idioms", () => {
  test.each(idioms)("%s", (_name, id, text, expected, tree = {}) => {
    expect(verdict(lintText(`${SOUND}\n${text}`, { tree }), id)).toBe(expected);
  });

  test("16 a finding points at the base module", () => {
    const result = lintText("from .base import *", { tree: { "mysite/base.py": `${SOUND}\nDEBUG = True` } });
    expect(result.findings.find((f) => f.id === DEBUG)?.file).toBe("mysite/base.py");
  });

  test("20 a redirect behind a proxy whose word is not taken", () => {
    const deployment = { domains: ["www.example.com"], tls: true, server: "waitress" as const };
    expect(verdict(lintText(SOUND, { deployment }), "djdeploy.redirect-loop")).toBe("certain");
  });

  test("24 the classes of django-configurations", () => {
    const text = `from configurations import Configuration, values
class Base(Configuration):
    SECRET_KEY = values.SecretValue()
    DEBUG = values.BooleanValue(False)
    ALLOWED_HOSTS = []
class Production(Base):
    ALLOWED_HOSTS = values.ListValue(["www.example.com"])
    @property
    def SECURE_HSTS_SECONDS(self):
        return 60
`;
    const result = lintText(text);
    expect(verdict(result, DEBUG)).toBe("depends");
    expect(result.settings.ALLOWED_HOSTS).toMatchObject({ value: ["www.example.com"], certainty: "depends" });
    expect(result.settings.SECURE_HSTS_SECONDS).toMatchObject({ value: 60, certainty: "certain" });
  });

  test("30 a backend of the settings module's own", () => {
    const text = `${SOUND}\nclass Storage:\n    pass\nSTORAGES = {"default": {"BACKEND": f"{__name__}.Storage"}}`;
    expect(lintText(text).settings.STORAGES?.value).toEqual({
      default: { BACKEND: "mysite.settings.Storage" },
    });
  });
});

test("each of the thirty has a case", () => {
  const text = readFileSync(import.meta.filename, "utf8");
  const numbers = new Set(
    [...text.matchAll(/^\s*(?:\["|"|test\(")(\d+) /gm)].map((found) => Number(found[1])),
  );
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
});

/** One variable read by each library, for the texts that tell them apart. */
const readers: [string, string, Record<string, string | undefined>][] = [
  [
    "django-environ",
    `import environ\nenv = environ.Env()\nDEBUG = env.bool("X")`,
    { "": "False", off: "False", maybe: "False", yes: "True", "1": "True" },
  ],
  [
    "environs",
    `from environs import Env\nenv = Env()\nDEBUG = env.bool("X")`,
    { "": "raises", off: "False", maybe: "raises", yes: "True", "1": "True" },
  ],
  [
    "decouple",
    `from decouple import config\nDEBUG = config("X", cast=bool)`,
    { "": "False", off: "False", maybe: "raises", yes: "True", "1": "True" },
  ],
];

describe.each(readers)("a flag read by %s", (_name, text, answers) => {
  test.each(Object.entries(answers))("%j → %s", (value, expected) => {
    const result = lintText(`${SOUND}\n${text}`, { environment: { X: value, SECRET_KEY: "x".repeat(60) } });
    const failed = verdict(result, "djdeploy.settings-fail") !== "pass";
    expect(failed ? "raises" : result.settings.DEBUG?.value === true ? "True" : "False").toBe(expected);
  });

  test("unset: the settings do not load", () => {
    expect(verdict(lintText(`${SOUND}\n${text}`), "djdeploy.settings-need-variable")).toBe(
      "depends, fails unset",
    );
  });
});

const lists: [string, string, Record<string, string[]>][] = [
  [
    "django-environ",
    `import environ\nenv = environ.Env()\nALLOWED_HOSTS = env.list("X")`,
    { "": [], "a, b,": ["a", " b"] },
  ],
  [
    "environs",
    `from environs import Env\nenv = Env()\nALLOWED_HOSTS = env.list("X")`,
    { "": [], "a, b,": ["a", " b", ""] },
  ],
  [
    "decouple",
    `from decouple import config, Csv\nALLOWED_HOSTS = config("X", cast=Csv())`,
    { "": [], "a, b,": ["a", "b"] },
  ],
  [
    "configurations",
    `from configurations import Configuration, values\nclass Prod(Configuration):\n    ALLOWED_HOSTS = values.ListValue([], environ_name="X", environ_prefix="")`,
    { "": [], "a, b,": ["a", "b"] },
  ],
];

describe.each(lists)("a list read by %s", (_name, text, answers) => {
  test.each(Object.entries(answers))("%j → %j", (value, expected) => {
    const result = lintText(`${SOUND}\n${text}`, { environment: { X: value } });
    expect(result.settings.ALLOWED_HOSTS?.value).toEqual(expected);
  });
});

describe("dj_database_url", () => {
  const engine = (environment: Record<string, string>): unknown =>
    lintText(`${SOUND}\nimport dj_database_url\nDATABASES = {"default": dj_database_url.config()}`, {
      environment,
    }).settings.DATABASES?.value;
  test("gives nothing while unset", () => expect(engine({})).toEqual({ default: {} }));
  test("reads a URL", () =>
    expect(engine({ DATABASE_URL: "postgres://u:p@db:5432/n" })).toMatchObject({
      default: {
        ENGINE: "django.db.backends.postgresql",
        HOST: "db",
        PORT: 5432,
        NAME: "n",
        PASSWORD: "***",
      },
    }));
});
