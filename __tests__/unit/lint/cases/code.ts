import type { Options, RuleCase } from "./case.ts";

const packages = (...names: string[]): Options => ({
  tree: { "requirements.txt": names.join("\n"), "uv.lock": names.map((n) => `name = "${n}"`).join("\n") },
});
const ADMIN = `
INSTALLED_APPS = [f"django.contrib.{a}" for a in ("admin", "auth", "contenttypes", "messages", "sessions")]
MIDDLEWARE += [
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "OPTIONS": {"context_processors": [
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
`;
const admin = (id: string, change: string): RuleCase => [id, `${ADMIN}${change}`, ADMIN];

/** Families F, R, L, A: how the settings are written, and what they set up. */
export const codeCases: RuleCase[] = [
  ["djdeploy.settings-encoding", "X = 'Caf\uFFFD'", "X = 'Café'", { as: "unknown" }],
  ["djdeploy.assume-wrong", "DEBUG = False", "import pack\nDEBUG = pack.debug", { assume: { DEBUG: true } }],
  [
    "djdeploy.assume-unused",
    "MIDDLEWARE += []",
    "import pack\nMIDDLEWARE = pack.add(MIDDLEWARE)",
    { assume: { MIDDLEWARE: "keeps django.middleware.security.SecurityMiddleware" } },
  ],
  [
    "djdeploy.not-followed",
    "import pack\nMIDDLEWARE = pack.add(MIDDLEWARE)",
    "import pack\nLOGGED = pack.add(MIDDLEWARE[:])",
    { as: "unknown" },
  ],
  ["djdeploy.settings-fail", "raise ValueError('no')", "if DEBUG:\n    raise ValueError('no')"],
  [
    "djdeploy.settings-outside",
    `ROOT_URLCONF = "mysite.urls"\nfrom pack.defaults import *`,
    "from pack.defaults import NAME",
    { as: "unknown" },
  ],
  [
    "djdeploy.settings-need-variable",
    "import os\nX = int(os.environ.get('N'))",
    "import os\nX = int(os.environ.get('N'))",
    { as: "depends, fails unset", near: { environment: { N: "1", SECRET_KEY: "k".repeat(60) } } },
  ],
  ["djdeploy.python-too-new", "X = (Y := 1)", "X = 1", { pythonVersion: "==3.7.*" }],
  [
    "djdeploy.settings-import-development",
    "from .dev import *",
    "if DEBUG:\n    from .dev import *",
    { tree: { "mysite/dev.py": "DEVELOPER = 'ada'" } },
  ],
  [
    "djdeploy.settings-shadowed",
    "",
    "",
    {
      settingsModule: "mysite.settings",
      tree: { "mysite/settings/__init__.py": "DEBUG = False\n" },
      near: { tree: { "mysite/settings_old/__init__.py": "" } },
    },
  ],
  [
    "djdeploy.settings-forced",
    "",
    "",
    {
      tree: { "mysite/wsgi.py": 'import os\nos.environ["DJANGO_SETTINGS_MODULE"] = "mysite.dev"\n' },
      near: {
        tree: {
          "mysite/wsgi.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.dev")\n',
        },
      },
    },
  ],
  ["djdeploy.setting-is-tuple", "SECURE_HSTS_SECONDS = 3600,", "INTERNAL_IPS = '127.0.0.1',"],
  [
    "djdeploy.setting-not-upper-case",
    "Append_Slash = False",
    "append_slash = False\nAPPEND_SLASH = append_slash",
  ],
  ["djdeploy.setting-twice", "TIME_ZONE = 'UTC'\nTIME_ZONE = 'Europe/Berlin'", "A = ['x']\nB = A\nA = ['y']"],
  [
    "djdeploy.settings-call-outside",
    "import subprocess\nVERSION = subprocess.check_output(['git', 'rev-parse', 'HEAD'])",
    "import subprocess\ndef version():\n    return subprocess.check_output(['git', 'rev-parse', 'HEAD'])",
  ],
  [
    "djdeploy.app-missing",
    "INSTALLED_APPS += ['mysite.blog']",
    "INSTALLED_APPS += ['mysite.shop', 'mysite.shop.apps.ShopConfig', 'elsewhere.blog']",
    { tree: { "mysite/shop/apps.py": "" } },
  ],
  admin("admin.E401", "INSTALLED_APPS.remove('django.contrib.contenttypes')"),
  admin("admin.E405", "INSTALLED_APPS.remove('django.contrib.auth')"),
  admin("admin.E406", "INSTALLED_APPS.remove('django.contrib.messages')"),
  admin("admin.E408", "MIDDLEWARE.remove('django.contrib.auth.middleware.AuthenticationMiddleware')"),
  admin("admin.E409", "MIDDLEWARE.remove('django.contrib.messages.middleware.MessageMiddleware')"),
  admin("admin.E410", "MIDDLEWARE.remove('django.contrib.sessions.middleware.SessionMiddleware')"),
  admin("admin.E402", "TEMPLATES[0]['OPTIONS']['context_processors'].pop(0)"),
  admin("admin.E404", "TEMPLATES[0]['OPTIONS']['context_processors'].pop()"),
  admin("admin.E403", "TEMPLATES = []"),
  [
    "admin.E403",
    `${ADMIN}TEMPLATES[0]["BACKEND"] = "django.template.backends.jinja2.Jinja2"`,
    `${ADMIN}TEMPLATES[0]["BACKEND"] = "mysite.templates.Own"`,
  ],
  [
    "djdeploy.package-missing",
    "INSTALLED_APPS += ['corsheaders']",
    "INSTALLED_APPS += ['nobody_knows']",
    packages("django", "psycopg"),
  ],
  [
    "djdeploy.package-missing",
    "",
    "",
    { ...packages("django", "gunicorn"), near: packages("django", "psycopg2-binary") },
  ],
  ["djdeploy.setting-deprecated", "STATICFILES_STORAGE = 'x'", "STATIC_URL = 'x/'", { djangoVersion: "4.2" }],
];
