import { describe, expect, test } from "vitest";
import { fixProject } from "../../../src/lint/fix/index.ts";
import { lint } from "../../../src/lint/index.ts";
import type { LintInput } from "../../../src/lint/types.ts";
import { recordTree } from "../../../src/python/source/tree.ts";

/** What a project needs so that only cookies and redirects are left to say. */
const REST = `
ALLOWED_HOSTS = ["www.example.com"]
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
`;

const project = (settings: string, tree: Record<string, string> = {}, changed: Partial<LintInput> = {}) => ({
  files: recordTree({ "mysite/__init__.py": "", "mysite/settings.py": settings, ...tree }),
  settingsModule: "mysite.settings",
  djangoVersion: "5.2",
  ignore: {},
  ...changed,
});

const codeFor = (settings: string, id: string, tree: Record<string, string> = {}): string | undefined =>
  lint(project(settings, tree)).findings.find((f) => f.id === id)?.fix?.code;

/** The project after `lint --fix`, and what was done. */
function fixed(settings: string, tree: Record<string, string> = {}, changed: Partial<LintInput> = {}) {
  const report = fixProject(project(settings, tree, changed), { https: true });
  const text = report.files.get("mysite/settings.py") ?? settings;
  return { ...report, text, ids: report.made.map((m) => m.id) };
}

describe("the line for a flag is written as the project reads its environment", () => {
  const helper = `import os
def env_flag(name, default):
    return os.getenv(name, default).strip().lower() in ("yes", "true")
`;
  const cases: [string, string, string][] = [
    [
      "django-environ",
      "import environ\nenv = environ.Env()\nDEBUG = env.bool('DEBUG', default=False)",
      "env.bool('SESSION_COOKIE_SECURE', default=not DEBUG)",
    ],
    [
      "django-environ with a scheme",
      'import environ\nenv = environ.Env(DEBUG=(bool, False))\nDEBUG = env("DEBUG")',
      'env.bool("SESSION_COOKIE_SECURE", default=not DEBUG)',
    ],
    [
      "environs, and variables with a prefix",
      'from environs import Env\nenv = Env()\nDEBUG = env.bool("APP_DEBUG", False)',
      'env.bool("APP_SESSION_COOKIE_SECURE", not DEBUG)',
    ],
    [
      "decouple",
      'from decouple import config\nDEBUG = config("DEBUG", default=False, cast=bool)',
      'config("SESSION_COOKIE_SECURE", default=not DEBUG, cast=bool)',
    ],
    [
      "os.environ",
      'import os\nDEBUG = os.environ.get("DEBUG", "") == "1"',
      'os.environ.get("SESSION_COOKIE_SECURE", str(not DEBUG)).lower() in ("1", "true", "yes")',
    ],
    [
      "os.getenv under another name",
      'from os import getenv\nDEBUG = getenv("DEBUG", "") == "1"',
      'getenv("SESSION_COOKIE_SECURE", str(not DEBUG)).lower() in ("1", "true", "yes")',
    ],
    [
      "a helper of its own",
      `${helper}DEBUG = env_flag("DEBUG", "no")`,
      'env_flag("SESSION_COOKIE_SECURE", str(not DEBUG))',
    ],
    ["nothing but values", "DEBUG = False", "True"],
    ["values, where people develop with the same file", "DEBUG = True", "not DEBUG"],
  ];
  test.each(cases)("%s", (_, head, expected) => {
    expect(codeFor(`${head}\n${REST}`, "security.W012")).toBe(`SESSION_COOKIE_SECURE = ${expected}`);
  });

  test("a helper that does not do what its name says is not used", () => {
    const lying = 'import os\ndef env_bool(name, default):\n    return os.environ.get(name, default) != ""\n';
    expect(codeFor(`${lying}DEBUG = env_bool("DEBUG", "")\n${REST}`, "security.W012")).not.toContain(
      "env_bool",
    );
  });

  test("a helper that comes by a star import is used, and the module for production is where it is written", () => {
    const base = `import environ\nenv = environ.Env()\nDEBUG = env.bool("DEBUG", default=True)\n${REST}`;
    const tree = { "mysite/base.py": base };
    const result = lint(project("from .base import *\n\nDEBUG = False\n", tree));
    expect(result.findings.find((f) => f.id === "security.W012")?.fix).toEqual({
      code: 'SESSION_COOKIE_SECURE = env.bool("SESSION_COOKIE_SECURE", default=True)',
      file: "mysite/settings.py",
      line: 3,
      after: true,
      automatic: true,
    });
  });

  test("a class of django-configurations gets a value of its own kind", () => {
    const settings = `from configurations import Configuration, values
class Base(Configuration):
    DEBUG = values.BooleanValue(False)
    SECRET_KEY = values.SecretValue()
${REST.trim().replace(/^/gm, "    ")}
class Production(Base):
    DEBUG = False
`;
    const { text, ids } = fixed(settings);
    expect(ids).toEqual(expect.arrayContaining(["security.W008", "security.W012"]));
    expect(text).toContain('\n    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")');
    expect(text).toContain("\n    SESSION_COOKIE_SECURE = values.BooleanValue(True)\n");
  });

  test("a class that is indented by tabs stays so", () => {
    const settings = `from configurations import Configuration\nclass Production(Configuration):\n\tDEBUG = False\n${REST.trim().replace(/^/gm, "\t")}\n`;
    expect(fixed(settings).text).toContain("\n\tSECURE_SSL_REDIRECT = True\n");
  });

  test("a class of pydantic-settings gets a field, and the setting is taken from its object", () => {
    const settings = `from pydantic_settings import BaseSettings
class Environment(BaseSettings):
    debug: bool = False
    secret_key: str
environment = Environment()
DEBUG = environment.debug
SECRET_KEY = environment.secret_key
${REST}`;
    const { text, ids, dropped } = fixed(settings);
    expect([ids.filter((id) => id.startsWith("security")), dropped]).toEqual([
      ["security.W004", "security.W008", "security.W012", "security.W016"],
      [],
    ]);
    expect(text).toContain(
      "    secret_key: str\n    secure_hsts_seconds: int = 3600\n    secure_ssl_redirect: bool = True\n",
    );
    expect(text).toContain("SESSION_COOKIE_SECURE = environment.session_cookie_secure and not DEBUG\n");
  });

  test("a key and hosts are shown, and never written", () => {
    const settings = `import environ\nenv = environ.Env()\nDEBUG = env.bool("DEBUG", False)\nSECRET_KEY = "short"\n${REST}`;
    const found = lint(project(settings)).findings.find((f) => f.id === "security.W009");
    expect(found?.fix).toMatchObject({
      code: 'SECRET_KEY = env.str("SECRET_KEY")',
      line: 4,
      automatic: false,
    });
    expect(fixed(settings).text).toContain('SECRET_KEY = "short"');
  });
});

describe("what is fixed is proven first", () => {
  const PLAIN = `DEBUG = False\nSECRET_KEY = __import__("os").environ["SECRET_KEY"]\n${REST}`;

  test("DEBUG read as a text is compared, its default kept, and what depends on it follows", () => {
    const settings = `import os\nDEBUG = os.environ.get("DEBUG", False)\n${REST}if DEBUG:\n    INSTALLED_APPS += ["x"]\n`;
    const { text, made, dropped } = fixed(settings);
    expect(text).toContain('DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true", "yes")\n');
    expect(made[0]?.id).toBe("security.W018");
    expect(dropped).toEqual([]);
  });

  test.each([
    [
      'config("DEBUG", default=False)',
      'config("DEBUG", default=False, cast=bool)',
      "from decouple import config",
    ],
    ['env("DEBUG", default="")', 'env.bool("DEBUG", default=False)', "import environ\nenv = environ.Env()"],
    ['bool(os.getenv("DEBUG"))', 'os.getenv("DEBUG", "").lower() in ("1", "true", "yes")', "import os"],
    ['os.environ["DEBUG"]', 'os.environ["DEBUG"].lower() in ("1", "true", "yes")', "import os"],
  ])("DEBUG = %s gets its cast", (read, cast, head) => {
    expect(fixed(`${head}\nDEBUG = ${read}\n${REST}`).text).toContain(`DEBUG = ${cast}\n`);
  });

  test("a fix that would change another setting is dropped, and said", () => {
    const settings = `import os\nDEBUG = os.environ.get("DEBUG", "")\n${REST}LEVEL = f"debug {DEBUG}"\n`;
    const { text, dropped } = fixed(settings);
    expect(text).toContain('DEBUG = os.environ.get("DEBUG", "")\n');
    expect(dropped).toMatchObject([{ id: "security.W018", line: 2, reason: "it would change LEVEL too" }]);
  });

  test("blanks around hosts are stripped", () => {
    const settings = `${PLAIN}import os\nALLOWED_HOSTS = os.environ.get("HOSTS", "a.example, b.example").split(",")\n`;
    const { text, ids } = fixed(settings);
    expect(ids).toContain("djdeploy.allowed-hosts-never-match");
    expect(text).toContain(
      'ALLOWED_HOSTS = [host.strip() for host in os.environ.get("HOSTS", "a.example, b.example").split(",") if host.strip()]\n',
    );
  });

  describe("STATICFILES_STORAGE and DEFAULT_FILE_STORAGE", () => {
    const old = `${PLAIN}if True:\n    STATICFILES_STORAGE = "a.B"\n    X = 1\n    DEFAULT_FILE_STORAGE = "c.D"  # media\n`;
    test("become STORAGES where Django no longer reads them", () => {
      const { text } = fixed(old);
      expect(text).toContain(
        'if True:\n    X = 1\n    STORAGES = {\n        "default": {"BACKEND": "c.D"},\n        "staticfiles": {"BACKEND": "a.B"},\n    }  # media\n',
      );
    });
    test("stay where Django reads them", () => {
      expect(fixed(old, {}, { djangoVersion: "4.2" }).text).toContain('STATICFILES_STORAGE = "a.B"');
    });
    test("stay where other code reads them", () => {
      const { text, dropped } = fixed(old, {
        "shop/views.py": "from x import settings\nsettings.STATICFILES_STORAGE\n",
      });
      expect(text).toContain('STATICFILES_STORAGE = "a.B"');
      expect(dropped.map((d) => d.reason)).toContain(
        "shop/views.py reads STATICFILES_STORAGE or DEFAULT_FILE_STORAGE",
      );
    });
  });

  test("HSTS starts low, and what Django asks next is named", () => {
    const { made, text, result } = fixed(PLAIN);
    expect(text).toContain(
      "# An hour to begin with; a year (31536000) once all is well.\nSECURE_HSTS_SECONDS = 3600\n",
    );
    expect(made.find((m) => m.id === "security.W004")?.reveals).toEqual(["security.W005", "security.W021"]);
    expect(result.findings.map((f) => f.id)).toEqual(
      expect.arrayContaining(["security.W005", "security.W021"]),
    );
  });

  test("the redirect comes with the header that keeps it from going round", () => {
    const { text, result } = fixed(PLAIN, {}, { deployment: { domains: ["www.example.com"], tls: true } });
    expect(text).toContain('SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")');
    expect(result.findings.map((f) => f.id)).not.toContain("djdeploy.redirect-loop");
  });

  test("a file of the host keeps the last word", () => {
    const end = "\ntry:\n    from .local import *\nexcept ImportError:\n    pass\n";
    const { text } = fixed(`${PLAIN}${end}`);
    expect(text.indexOf("CSRF_COOKIE_SECURE")).toBeLessThan(text.indexOf("try:"));
    expect(text.endsWith(end)).toBe(true);
  });

  test("what is on already, decided by a variable, or written under a condition is left", () => {
    const settings = `${PLAIN}import os\nif os.environ.get("TLS"):\n    CSRF_COOKIE_SECURE = True\nSESSION_COOKIE_SECURE = True\n`;
    expect(fixed(settings).ids).not.toContain("security.W016");
    expect(fixed(settings).ids).not.toContain("security.W012");
  });

  test("advice about one more variable is no reason against reading it", () => {
    const settings = `import environ\nenv = environ.Env()\nDEBUG = env.bool("DEBUG", default=False)\n${REST}`;
    const { dropped, result } = fixed(settings, { ".env.example": "DEBUG=0\n" });
    expect(dropped).toEqual([]);
    // What has a default need not stand in the example.
    expect(result.findings.map((f) => f.id)).not.toContain("djdeploy.variable-undocumented");
  });

  test("without HTTPS what needs it is left alone", () => {
    const { files, dropped } = fixProject(project(PLAIN), { https: false });
    expect(files.size).toBe(0);
    expect(dropped.map((d) => d.id).sort()).toEqual([
      "security.W004",
      "security.W008",
      "security.W012",
      "security.W016",
    ]);
  });

  test.each([
    [
      "generated",
      { "mysite/settings.py": `# Generated by a tool, do not edit\n${PLAIN}` },
      "mysite.settings",
    ],
    [
      "copied in",
      { "vendor/shop/settings.py": PLAIN, "vendor/shop/__init__.py": "" },
      "vendor.shop.settings",
    ],
  ])("a module that is %s is not touched", (_, tree, settingsModule) => {
    expect(fixProject({ ...project("", tree), settingsModule }, { https: true }).files.size).toBe(0);
  });

  test("a file without an end of its last line gets one first", () => {
    expect(fixed(PLAIN.trimEnd()).text).toMatch(/"\n\n# An hour/);
  });

  test("a second run has nothing to do", () => {
    const { text } = fixed(PLAIN);
    expect(fixed(text).files.size).toBe(0);
  });
});
