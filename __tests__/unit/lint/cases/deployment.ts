import type { Options, RuleCase } from "./case.ts";

const args = (...words: string[]): Options => ({
  deployment: { domains: [], tls: true, server: "gunicorn", args: words },
});
const conf = (text: string): Options => ({ tree: { "gunicorn.conf.py": text } });
const both = (raising: Options, near: Options): Options & { near: Options } => ({ ...raising, near });

/** Families E, G and Q: what the settings run in. */
export const deploymentCases: RuleCase[] = [
  ["djdeploy.gunicorn-reload", "", "", both(conf("reload = True\n"), conf("import os\nreload = False\n"))],
  ["djdeploy.gunicorn-reload", "", "", both(args("--reload"), args("--preload"))],
  ["djdeploy.gunicorn-daemon", "", "", both(args("-D"), args("-w", "4"))],
  ["djdeploy.gunicorn-timeout", "", "", both(args("--timeout", "600"), args("--timeout=60"))],
  ["djdeploy.gunicorn-timeout", "", "", both(conf("timeout = 0"), conf("timeout = 120"))],
  ["djdeploy.gunicorn-one-worker", "", "", both(args("--workers=1"), args("-w", "2"))],
  [
    "djdeploy.gunicorn-public-bind",
    "",
    "",
    // A deploy's own bind wins over the file's.
    both(args("--bind", "0.0.0.0:8000"), { ...args(), ...conf("bind = '0.0.0.0:8000'") }),
  ],
  [
    "djdeploy.gunicorn-trusts-everyone",
    "",
    "",
    both(args("-b", ":8000", "--forwarded-allow-ips", "*"), args("--forwarded-allow-ips", "*")),
  ],
  [
    "djdeploy.gunicorn-threads",
    "",
    "",
    both(conf("worker_class = 'sync'\nthreads = 4"), conf("worker_class = 'gthread'\nthreads = 4")),
  ],
  [
    "djdeploy.gunicorn-worker-package",
    "",
    "",
    both(
      { tree: { "gunicorn.conf.py": "worker_class = 'gevent'", "requirements.txt": "django\n" } },
      { tree: { "gunicorn.conf.py": "worker_class = 'gevent'", "requirements.txt": "django\ngevent\n" } },
    ),
  ],
  ["djdeploy.gunicorn-pidfile", "", "", both(conf("pidfile = '/tmp/g.pid'"), conf("pidfile = '/run/g.pid'"))],
  ["djdeploy.gunicorn-error-log", "", "", both(conf("errorlog = '/var/log/g.log'"), conf("errorlog = '-'"))],
  [
    "djdeploy.gunicorn-max-requests",
    "",
    "",
    both(conf("max_requests = 1000"), conf("max_requests = 1000\nmax_requests_jitter = 100")),
  ],
  [
    "djdeploy.gunicorn-settings-module",
    "",
    "",
    both(
      conf("raw_env = ['DJANGO_SETTINGS_MODULE=mysite.dev']"),
      conf("raw_env = ['DJANGO_SETTINGS_MODULE=mysite.settings']"),
    ),
  ],
  ["djdeploy.gunicorn-chdir", "", "", both(conf("chdir = '/home/me/old'"), conf("chdir = '.'"))],
  [
    "djdeploy.gunicorn-file-overruled",
    "",
    "",
    both({ ...args(), ...conf("workers = 4") }, { ...args(), ...conf("threads = 4") }),
  ],
  [
    "djdeploy.runserver-in-production",
    "",
    "",
    both(
      { tree: { Procfile: "web: python manage.py runserver 0.0.0.0:$PORT\n" } },
      {
        tree: {
          Procfile: "web: gunicorn mysite.wsgi\n",
          "Dockerfile.dev": "CMD python manage.py runserver\n",
        },
      },
    ),
  ],
  [
    "async.E001",
    "",
    "",
    both(
      { environment: { DJANGO_ALLOW_ASYNC_UNSAFE: "1" } },
      { environment: { DJANGO_ALLOW_ASYNC_UNSAFE: "" } },
    ),
  ],
  ["djdeploy.python-dev-mode", "", "", both({ provided: ["PYTHONDEVMODE"] }, { provided: ["PYTHONPATH"] })],
  [
    "djdeploy.settings-module-differs",
    "",
    "",
    both(
      { environment: { DJANGO_SETTINGS_MODULE: "mysite.dev" } },
      { environment: { DJANGO_SETTINGS_MODULE: "mysite.settings" } },
    ),
  ],
  [
    "djdeploy.variable-undocumented",
    "import os\nX = os.environ['NEW_NAME']",
    "import os\nX = os.environ.get('NEW_NAME', '1')",
    { tree: { ".env.example": "SECRET_KEY=\n" } },
  ],
  [
    "djdeploy.variable-changes-type",
    "import os\nSESSION_COOKIE_AGE = os.environ.get('AGE', 3600)",
    "import os\nSESSION_COOKIE_AGE = int(os.environ.get('AGE', 3600))",
    { as: "depends" },
  ],
  [
    "djdeploy.variable-two-defaults",
    "import os\nX = os.environ.get('A', 'x')\nY = os.environ.get('A', 'y')",
    "import os\nX = os.environ.get('A', 'x')\nY = os.environ.get('A', 'x')",
  ],
  [
    "djdeploy.env-file-overrides",
    "from dotenv import load_dotenv\nload_dotenv('.env', override=True)",
    "from dotenv import load_dotenv\nload_dotenv('.env')",
  ],
  [
    "djdeploy.env-file-outside",
    "from dotenv import load_dotenv\nload_dotenv('/home/me/.env')",
    "from dotenv import load_dotenv\nload_dotenv('config/.env')",
  ],
  [
    "djdeploy.silenced-in-production-only",
    "from .base import *\nSILENCED_SYSTEM_CHECKS = ['security.W004']",
    "from .base import *",
    { tree: { "mysite/base.py": "SILENCED_SYSTEM_CHECKS = ['security.W005']\n" } },
  ],
  [
    "djdeploy.silenced-not-raised",
    "SILENCED_SYSTEM_CHECKS = ['security.W004']",
    "SILENCED_SYSTEM_CHECKS = ['security.W004']\nSECURE_HSTS_SECONDS = 0",
  ],
];
