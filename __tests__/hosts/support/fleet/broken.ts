import type { Name } from "./fleet.ts";

// Releases that fail on one host only, told by its name. What visitors see stays good.

type Files = (name: Name) => Record<string, string>;

const here = (name: Name) => `socket.gethostname() == "${name}"`;
const health = (name: Name, condition: string) => ({
  "shop/health.py": `import socket

from . import views


def health(request):
    through_nginx = "X-Real-IP" in request.headers
    if ${here(name)} and ${condition}:
        raise RuntimeError("not on ${name}")
    return views.where(request)
`,
});

/** Other requirements for each host on which their installer is killed: the rest of the fleet has installed them. */
export const requirements: Files = (name) => ({
  "requirements.txt": `# not on ${name}\nDjango==5.2.19\ngunicorn==27.0.1\nwhitenoise==6.12.0\n`,
});

export const settings: Files = (name) => ({
  "shop/database.py": `import socket

if ${here(name)}:
    raise RuntimeError("not on ${name}")
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
`,
});

export const collectstatic: Files = (name) => ({
  "shop/management/__init__.py": "",
  "shop/management/commands/__init__.py": "",
  "shop/management/commands/collectstatic.py": `import socket

from django.contrib.staticfiles.management.commands.collectstatic import Command as Plain
from django.core.management.base import CommandError


class Command(Plain):
    def handle(self, **options):
        if ${here(name)}:
            raise CommandError("not on ${name}")
        return super().handle(**options)
`,
});

export const start: Files = (name) => ({
  "shop/wsgi.py": `import os
import socket

from django.core.wsgi import get_wsgi_application

if ${here(name)}:
    raise RuntimeError("not on ${name}")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.production")
application = get_wsgi_application()
`,
});

export const migration: Files = () => ({
  "shop/migrations/0002_broken.py": `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunSQL("insert into nowhere values (1)")]
`,
});

/** Good where nobody sees it, broken behind nginx. */
export const behindNginx: Files = (name) => health(name, "through_nginx");

/** Broken on its private socket already. */
export const page: Files = (name) => health(name, "not through_nginx");
