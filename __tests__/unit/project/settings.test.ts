import { describe, expect, it } from "vitest";
import { detectRoot } from "../../../src/project/detect/root.ts";
import { detectSettings } from "../../../src/project/detect/settings.ts";
import type { Tree } from "../../../src/project/tree.ts";

function treeOf(files: Record<string, string>): Tree {
  const text = async (path: string) => files[path] ?? null;
  return {
    directory: "/x",
    sha: "",
    name: "this folder",
    entries: new Map(Object.keys(files).map((path) => [path, { path, id: path, kind: "file" as const }])),
    blobs: { read: async (id: string) => Buffer.from(files[id] ?? "") } as Tree["blobs"],
    has: (path) => path in files,
    bytes: async (path) => (path in files ? Buffer.from(files[path]!) : null),
    text,
  };
}

const entry = (module: string): string =>
  `os.environ.setdefault("DJANGO_SETTINGS_MODULE", ${JSON.stringify(module)})\n`;
const detect = async (files: Record<string, string>, root = ".", given: string | null = null) =>
  (await detectSettings(treeOf(files), root, given, "--settings")).value;

const FULL = "INSTALLED_APPS = []\nROOT_URLCONF = 'a.urls'\n";
/** A usual project: manage.py for developers, wsgi.py for servers. */
const usual = {
  "manage.py": entry("a.settings.dev"),
  "a/wsgi.py": entry("a.settings.cloud"),
  "a/settings/__init__.py": "",
  "a/settings/base.py": FULL,
  "a/settings/dev.py": "from .base import *",
  "a/settings/cloud.py": "from .base import *",
};

describe("the settings that production runs", () => {
  it.each<[string, string, Record<string, string>]>([
    [
      "a fragment that only another settings file imports is none",
      "a.settings.cloud",
      {
        ...usual,
        "a/settings/server.py": "WORKERS = 4\n",
        "a/settings/cloud.py": "from .base import *\nfrom .server import *",
      },
    ],
    [
      "nor one that a file of a deployment names",
      "a.settings.cloud",
      {
        ...usual,
        Dockerfile: "ENV DJANGO_SETTINGS_MODULE=a.settings.deploy\n",
        "a/settings/deploy.py": "import os\nX = 1\n",
        "a/settings/cloud.py": "from .base import *\nfrom a.settings import deploy",
      },
    ],
    [
      "a module for production that imports the whole is no fragment",
      "a.settings.production",
      {
        ...usual,
        "a/settings/production.py": "from .base import *",
        "a/settings/staging.py": "from .production import *",
      },
    ],
    [
      "the beginning of a name is none",
      "a.settings.cloud",
      { ...usual, "manage.py": 'setdefault("DJANGO_SETTINGS_MODULE", "a.settings." + env)' },
    ],
    [
      "and leads to the one made for production",
      "a.settings.production",
      {
        "manage.py": 'setdefault("DJANGO_SETTINGS_MODULE", "a.settings." + env)',
        "a/settings/__init__.py": "",
        "a/settings/dev.py": FULL,
        "a/settings/production.py": FULL,
      },
    ],
    [
      "a worker's are not the server's: Procfile",
      "a.settings.cloud",
      {
        ...usual,
        "a/settings/tasks.py": FULL,
        Procfile: "worker: DJANGO_SETTINGS_MODULE=a.settings.tasks celery -A a worker\n",
      },
    ],
    [
      "a worker's are not the server's: compose",
      "a.settings.cloud",
      {
        ...usual,
        "a/settings/tasks.py": FULL,
        "docker-compose.yml":
          "services:\n  db:\n    image: postgres\n  celery:\n    command: celery -A a worker\n    environment:\n      - DJANGO_SETTINGS_MODULE=a.settings.tasks\n",
      },
    ],
    [
      "a worker's are not the server's: units",
      "a.settings.cloud",
      {
        ...usual,
        "a/settings/tasks.py": FULL,
        "etc/celery.service": "[Service]\nEnvironment=DJANGO_SETTINGS_MODULE=a.settings.tasks\n",
        "etc/supervisor/a.conf":
          '[program:celery-beat]\nenvironment=DJANGO_SETTINGS_MODULE="a.settings.tasks"\n[program:web]\ncommand=gunicorn\n',
      },
    ],
    [
      "a compose file that runs the development server comes after wsgi.py",
      "a.settings.cloud",
      {
        ...usual,
        "a/settings/docker.py": FULL,
        "docker-compose.yml":
          "services:\n  web:\n    command: python manage.py runserver 0.0.0.0:8000\n    environment:\n      DJANGO_SETTINGS_MODULE: a.settings.docker\n",
      },
    ],
    [
      "a stage for developers is none",
      "a.settings.cloud",
      {
        ...usual,
        "a/settings/docker.py": FULL,
        Dockerfile:
          "FROM python AS base\nFROM base AS development\nENV DJANGO_SETTINGS_MODULE=a.settings.docker\n",
      },
    ],
    [
      "a step of a build is none",
      "a.settings.cloud",
      {
        ...usual,
        "a/settings/build.py": FULL,
        Dockerfile: "RUN DJANGO_SETTINGS_MODULE=a.settings.build ./manage.py collectstatic\n",
      },
    ],
    [
      "what starts the server comes before wsgi.py",
      "a.settings.heroku",
      {
        ...usual,
        "a/settings/heroku.py": FULL,
        Procfile: "web: DJANGO_SETTINGS_MODULE=a.settings.heroku gunicorn a.wsgi\n",
      },
    ],
  ])("%s", async (_, expected, files) => {
    expect(await detect(files)).toBe(expected);
  });

  it("may be imported from above manage.py's folder", async () => {
    const files = {
      "pkg/manage.py": entry("pkg.web.settings"),
      "pkg/web/settings.py": FULL,
      "pkg/__init__.py": "",
    };
    expect(await detect(files, "pkg")).toBe("pkg.web.settings");
    expect(await detect(files, "pkg", "pkg.web.settings")).toBe("pkg.web.settings");
    await expect(detect(files, "pkg", "pkg.other")).rejects.toMatchObject({
      details: {
        expected: "pkg/pkg/other.py (given by --settings)",
        hint: "name one that is there: --settings web.settings",
      },
    });
  });
});

describe("the folder with manage.py", () => {
  const root = (files: Record<string, string>, settings: string | null = null) =>
    detectRoot({ tree: treeOf(files), prefix: "", configured: null, isExcluded: () => false, settings });

  it("is the one that is no example or test", async () => {
    const files = {
      "web/manage.py": entry("a.settings"),
      "example/manage.py": entry("b.settings"),
      "tests/manage.py": entry("c"),
    };
    expect((await root(files)).value).toBe("web");
  });

  it("is the one that has the settings which are named", async () => {
    const files = {
      "web/manage.py": entry("a.settings"),
      "api/manage.py": entry("b.settings"),
      "api/b/settings.py": FULL,
    };
    expect((await root(files, "b.settings")).value).toBe("api");
  });

  it("is asked for where there are two, with what each names", async () => {
    const files = { "web/manage.py": entry("a.settings"), "api/manage.py": entry("b.settings") };
    await expect(root(files)).rejects.toMatchObject({
      code: "project.several-manage-py",
      details: {
        seen: "api/manage.py, web/manage.py",
        hint: "add to djdeploy.yml: `root: api` (b.settings), or `root: web` (a.settings)",
      },
    });
  });

  it("is asked for where there is none, with the settings that are there", async () => {
    const files = { "src/a/settings.py": FULL, "src/a/wsgi.py": "" };
    await expect(root(files)).rejects.toMatchObject({
      code: "project.no-manage-py",
      details: {
        seen: "settings: src/a/settings.py",
        hint: expect.stringContaining("djdeploy lint --settings a.settings"),
      },
    });
  });
});
