import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../../lab/paths.ts";

const django = "5.2.19";

/** `django-admin startproject NAME`, by Django's own, in an empty folder. */
export function startProject(name: string, folder: string): void {
  const place = join(cacheFolder, `django-admin-${django}`);
  if (!existsSync(place)) {
    const fresh = `${place}.${process.pid}`;
    mkdirSync(cacheFolder, { recursive: true });
    execFileSync("python3", ["-m", "venv", fresh]);
    execFileSync(join(fresh, "bin/python"), ["-m", "pip", "install", "-q", `Django==${django}`]);
    renameSync(fresh, place);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  execFileSync(join(place, "bin/python"), ["-m", "django", "startproject", name, folder]);
}

/** What a fresh project lacks for production, as its owner would write it. */
export function forProduction(name: string, requirements: string[], host: string): Record<string, string> {
  return {
    "requirements.txt": `${requirements.join("\n")}\n`,
    [`${name}/production.py`]: `import os

from .settings import *

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["${host}"]
MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SECURE_HSTS_SECONDS = 3600
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
`,
  };
}
