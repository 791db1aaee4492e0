/** Apps of the measured project; each has models, pages, templates, a style sheet, a script and tests. */
const apps = ["accounts", "billing", "blog", "catalog", "events", "library", "orders", "search"];

const requirements = ["Django==5.2.19", "gunicorn==27.0.1", "psycopg[binary]==3.2.10"];

export const secretKey = "a-secret-of-this-lab-0123456789-abcdefghijklmnopqrstuvwxyz";

/** The line of the template that every measured deploy changes. */
export const home = "shop/templates/shop/home.html";
export const homePage = (line: string) => `{% load static %}<!doctype html>
<link rel="stylesheet" href="{% static 'shop/site.css' %}">
<p>${line}</p>
<p>{{ entries }} entries</p>
`;

/** The files of a Django project of about 850 KB: code, templates, style sheets, scripts and a few pictures. */
export function projectFiles(): Record<string, string | Buffer> {
  const noise = pseudoRandom(7);
  const words = (bytes: number) => text(noise, bytes);
  const files: Record<string, string | Buffer> = {
    ".gitignore": "__pycache__/\n*.sqlite3\nstaticfiles/\n",
    "requirements.txt": `${requirements.join("\n")}\n`,
    "manage.py": managePy,
    "shop/__init__.py": "",
    "shop/settings.py": settings,
    "shop/production.py": production,
    "shop/urls.py": urls,
    "shop/views.py": views,
    "shop/wsgi.py": wsgi,
    "shop/static/shop/site.css": `body { color: black }\n/* ${words(20_000)} */\n`,
    "shop/static/shop/vendor.js": `"${words(180_000)}";\n`,
    [home]: homePage("line 0"),
  };
  for (const n of [1, 2, 3, 4, 5, 6])
    files[`shop/static/shop/picture-${n}.jpg`] = Buffer.from(
      Array.from({ length: 45_000 }, () => noise(256)),
    );
  for (const app of apps) {
    files[`${app}/__init__.py`] = "";
    files[`${app}/models.py`] = models;
    files[`${app}/admin.py`] = admin;
    files[`${app}/tests.py`] = tests(app);
    files[`${app}/views.py`] = `"""${words(12_000)}"""\n`;
    files[`${app}/migrations/__init__.py`] = "";
    files[`${app}/migrations/0001_initial.py`] = migration;
    files[`${app}/static/${app}/${app}.css`] = `.${app} { color: black }\n/* ${words(9_000)} */\n`;
    files[`${app}/static/${app}/${app}.js`] = `"${words(12_000)}";\n`;
    for (const page of ["list", "detail", "form", "delete", "search"])
      files[`${app}/templates/${app}/${page}.html`] = `<!doctype html>\n<p>${words(2_500)}</p>\n`;
  }
  return files;
}

/** As many files again as make `bytes` more, of a kind that does not compress. */
export function ballast(bytes: number): Record<string, Buffer> {
  const noise = pseudoRandom(11);
  const size = 100_000;
  const files: Record<string, Buffer> = {};
  for (let n = 0; n * size < bytes; n++) {
    const block = Buffer.alloc(size);
    for (let at = 0; at < size; at += 4) block.writeInt32LE(noise(2 ** 31), at);
    files[`media-kit/part-${Math.floor(n / 50)}/file-${n}.bin`] = block;
  }
  return files;
}

const managePy = `#!/usr/bin/env python
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
`;

const wsgi = `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.production")
application = get_wsgi_application()
`;

const settings = `from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = True
SECRET_KEY = "only-for-development-on-this-machine"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "shop",
${apps.map((app) => `    "${app}",\n`).join("")}]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
`;

const production = `import os

from .settings import *  # noqa: F403

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["shop.example.com"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
if "DATABASE_HOST" in os.environ:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "shop",
            "USER": "shop",
            "HOST": os.environ["DATABASE_HOST"],
        }
    }
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = os.environ.get("SECURE_SSL_REDIRECT") == "on"
SECURE_HSTS_SECONDS = 3600
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
`;

const urls = `from django.contrib import admin
from django.urls import path

from . import views

urlpatterns = [
    path("", views.home),
    path("slow/", views.slow),
    path("admin/", admin.site.urls),
]
`;

const views = `import time

from catalog.models import Entry
from django.http import HttpResponse
from django.shortcuts import render


def home(request):
    return render(request, "shop/home.html", {"entries": Entry.objects.count()})


def slow(request):
    """A page that takes 50 ms."""
    time.sleep(0.05)
    return HttpResponse("ok")
`;

const models = `from django.db import models


class Entry(models.Model):
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.title
`;

const admin = `from django.contrib import admin

from .models import Entry

admin.site.register(Entry)
`;

const tests = (app: string) => `from django.test import TestCase

from .models import Entry


class EntryTest(TestCase):
    def test_title(self):
        self.assertEqual(str(Entry.objects.create(title="${app}")), "${app}")
`;

const migration = `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
`;

/** The same numbers in every run (Park and Miller): every machine measures the same files. */
function pseudoRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** Words that compress about as well as code does. */
function text(noise: (below: number) => number, bytes: number): string {
  const syllables = ["da", "ta", "ba", "se", "mo", "del", "view", "form", "li", "st", "er", "or"];
  let words = "";
  while (words.length < bytes) {
    for (let n = 1 + noise(3); n > 0; n--) words += syllables[noise(syllables.length)];
    words += " ";
  }
  return words.slice(0, bytes);
}
