// The time of the lint beside that of `manage.py check --deploy`, on one project with settings in five files.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { lint } from "../../src/lint/index.ts";
import { folderTree } from "./folder-tree.ts";

const APPS = ["auth", "contenttypes", "sessions", "messages", "staticfiles", "admin"].map(
  (name) => `    "django.contrib.${name}",\n`,
);
const MIDDLEWARE = [
  "django.middleware.security.SecurityMiddleware",
  "django.contrib.sessions.middleware.SessionMiddleware",
  "django.middleware.common.CommonMiddleware",
  "django.middleware.csrf.CsrfViewMiddleware",
  "django.contrib.auth.middleware.AuthenticationMiddleware",
  "django.contrib.messages.middleware.MessageMiddleware",
].map((name) => `    "${name}",\n`);

const FILES: Record<string, string> = {
  "manage.py": `import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings.production")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`,
  "site1/__init__.py": "",
  "site1/urls.py": `from django.contrib import admin
from django.urls import path
urlpatterns = [path("admin/", admin.site.urls)]
`,
  "site1/settings/__init__.py": "",
  "site1/settings/env.py": `import os

def flag(name, default="0"):
    return os.environ.get(name, default).strip().lower() in {"1", "true", "yes", "on"}

def words(name, default=""):
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]
`,
  "site1/settings/base.py": `import os
from pathlib import Path
from .env import flag, words
from .database import *
from .logs import *

BASE_DIR = Path(__file__).resolve().parents[2]
SECRET_KEY = os.environ.get("SECRET_KEY", "")
DEBUG = flag("DEBUG")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost")
ROOT_URLCONF = "site1.urls"
INSTALLED_APPS = [\n${APPS.join("")}]
MIDDLEWARE = [\n${MIDDLEWARE.join("")}]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]}}]
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
`,
  "site1/settings/database.py": `import os
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DB", "db.sqlite3")}}
`,
  "site1/settings/logs.py": `LOGGING = {"version": 1, "disable_existing_loggers": False, "handlers": {"console": {"class": "logging.StreamHandler"}}, "root": {"handlers": ["console"], "level": "INFO"}}
`,
  "site1/settings/production.py": `from .base import *
if not DEBUG:
    SECURE_HSTS_SECONDS = int(os.environ.get("HSTS", "3600"))
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
`,
};

const median = (all: number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

function timed(times: number, run: () => void): number {
  return median(
    Array.from({ length: times }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    }),
  );
}

function program(file: string, args: string[], cwd: string, env: Record<string, string>): void {
  const run = spawnSync(file, args, { cwd, env: { PATH: process.env.PATH ?? "", ...env }, encoding: "utf8" });
  if (run.error || ![0, 1, 4].includes(run.status ?? -1))
    throw new Error(`${file}: ${run.error ?? run.stderr}`);
}

/** Prints the times side by side. */
export function compareSpeed(python: string, django: string): void {
  const folder = mkdtempSync(join(tmpdir(), "bench-lint-"));
  try {
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const own = (): void => {
      lint({
        files: folderTree(folder),
        settingsModule: "site1.settings.production",
        djangoVersion: "5.2",
        ignore: {},
      });
    };
    const cold = timed(1, own);
    const warm = timed(15, own);
    const commit = ["-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "-qm", "b"];
    for (const args of [["init", "-q"], ["add", "-A"], commit]) program("git", args, folder, {});
    const cli = [resolve("dist/cli/index.js"), "lint", "--settings", "site1.settings.production"];
    const command = timed(5, () => program(process.execPath, cli, folder, {}));
    const env = { PYTHONPATH: resolve(django), SECRET_KEY: "k".repeat(60), PYTHONDONTWRITEBYTECODE: "" };
    const check = timed(5, () => program(python, ["manage.py", "check", "--deploy"], folder, env));
    const ms = (n: number): string => `${n.toFixed(0).padStart(6)} ms`;
    process.stdout.write(
      `settings in five files\n${ms(cold)}  the lint in the process, first time\n${ms(warm)}  the lint in the process, median of 15\n` +
        `${ms(command)}  djdeploy lint, whole command\n${ms(check)}  manage.py check --deploy\n` +
        `${(check / warm).toFixed(0)} times faster in the process, ${(check / command).toFixed(1)} times as a command; ` +
        `memory of this process ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
