import { z } from "zod";
import {
  auto,
  duration,
  either,
  flag,
  key,
  list,
  mapOf,
  oneOf,
  required,
  said,
  section,
  text,
  whole,
} from "./fields.ts";
import { taken } from "./names.ts";
import * as v from "./values.ts";

/** Keys about what runs on a host and how a release gets there. */

const roles = key(list(v.role, "roles"), ["web"], "Hosts with one of these roles run it.", {
  examples: [["jobs"]],
});

const server = section(
  {
    kind: key(
      oneOf("auto", "gunicorn", "uvicorn", "hypercorn", "daphne", "uwsgi", "waitress", "granian"),
      "auto",
      "The application server. `auto` takes what the requirements hold, gunicorn if nothing.",
      { examples: ["gunicorn"] },
    ),
    workers: key(
      auto(whole(1, 1024)),
      "auto",
      "`auto` is 2 × cores + 1, less where memory is short (and then it is said).",
      {
        examples: [4],
      },
    ),
    args: key(list(v.value, "arguments"), [], "Arguments added to the server's command line.", {
      examples: [["--timeout", "60"]],
    }),
    manager: key(oneOf("systemd", "supervisord"), "systemd", "What keeps the processes running on the host."),
    scope: key(
      oneOf("system", "user"),
      "system",
      "`user` is systemd --user with lingering: no root at all. It needs `nginx: print` or `none`, and a port above 1023.",
    ),
    strategy: key(
      oneOf("blue-green", "restart", "reload"),
      "blue-green",
      "How the new release takes over. `reload` is for an adopted service only.",
    ),
    service: key(
      text("the name of a unit or program", /^[A-Za-z0-9@:._-]+$/),
      null,
      "An existing unit or program that was adopted.",
      {
        examples: ["gunicorn.service"],
      },
    ),
    listen: key(v.listen, "socket", "`socket` stands behind nginx; or a port of its own.", {
      examples: ["127.0.0.1:8000", "0.0.0.0:80"],
    }),
    user: key(
      v.userName,
      null,
      "The user that the release runs as. Who deploys it is another, `NAME_deploy`, which alone may change code and secrets (the same with `scope: user`).",
      {
        defaultText: "the value of `app`",
        examples: ["www"],
      },
    ),
    "stop-timeout": key(
      duration({ least: 1 }),
      "60s",
      "How long the old release may take to finish its requests when it is told to stop.",
    ),
  },
  "The application server.",
);

const processSchema = said(
  "a command or a map with a command",
  z.strictObject(
    {
      command: required(v.command, "What to run, with the release's environment.", ["celery -A tute worker"]),
      singleton: key(flag(), false, "Never two at a time, on one host only: a scheduler."),
      "stop-timeout": key(duration({ least: 1 }), "60s", "How long a running task may take to finish."),
      "stop-signal": key(
        oneOf("auto", "TERM", "INT", "QUIT"),
        "auto",
        "What asks it to finish its tasks and end. `auto` is INT for Huey, TERM for all others.",
      ),
      "min-uptime": key(duration(), "3s", "How long it has to stay up until it counts as started."),
      order: key(
        oneOf("before", "after"),
        "before",
        "Restarted before the web is switched, so that no task runs on older code than the page that asked for it; or after. A rollback does it the other way round.",
      ),
      roles,
    },
    { error: "a command or a map with a command" },
  ),
);

/** A process that is written as its command alone. */
export function processDefaults(command: string): Exclude<z.output<typeof processSchema>, string> {
  return processSchema.parse({ command }) as Exclude<z.output<typeof processSchema>, string>;
}

const hookSchema = said(
  "a command or a map with run",
  z.strictObject(
    {
      run: required(v.command, "What to run.", ["./notify.sh"]),
      on: key(oneOf("each", "one"), "each", "On each host, or on one."),
      timeout: key(duration({ least: 1 }), "5m", "When it counts as failed."),
    },
    { error: "a command or a map with run" },
  ),
);

const hookNames = [
  "after-install",
  "before-collectstatic",
  "after-migrate",
  "before-switch",
  "after-switch",
  "on-failure",
] as const;

const statics = section(
  {
    collect: key(flag(), true, "Whether `collectstatic` runs."),
    "served-by": key(
      oneOf("auto", "whitenoise", "nginx", "storage"),
      "auto",
      "Who serves static files; `storage` is django-storages: collectstatic uploads.",
    ),
  },
  "Static files.",
);

const shared = said(
  "a path such as media or logs/, or a map with path and target",
  z.union(
    [
      v.inside,
      z.strictObject(
        {
          path: required(v.inside, "Below the folder of djdeploy.yml.", ["media"]),
          target: required(v.absolute, "An existing folder on the host that the path links to.", [
            "/home/me/site/media",
          ]),
        },
        { error: "a map with path and target" },
      ),
    ],
    { error: "a path such as media or logs/, or a map with path and target" },
  ),
);

const env = section(
  {
    secrets: key(
      list(taken, "names"),
      [],
      "Names that a release must have. Their values are never in this file.",
      {
        examples: [["SECRET_KEY", "DATABASE_URL"]],
      },
    ),
    vars: key(mapOf(v.variable, v.value, "a map of names to text"), {}, "Plain values.", {
      examples: [{ DJANGO_ALLOWED_HOSTS: "www.example.com" }],
    }),
  },
  "The release's environment.",
);

const database = section(
  {
    aliases: key(
      auto(list(text("the name of a database in DATABASES"), "names of DATABASES")),
      "auto",
      "The databases that are migrated. `auto` takes `default`, those that a router claims (its `allow_migrate` answers True) and those that hold this project's `django_migrations` already; others are left alone, and that is said.",
      { examples: [["default", "users"]] },
    ),
    backup: key(
      oneOf("before-migrate", "always", "never"),
      "before-migrate",
      "When the database is backed up.",
    ),
    "keep-backups": key(whole(1, 1000), 5, "How many backups are kept."),
    "unsafe-migrations": key(
      oneOf("refuse", "allow", "maintenance"),
      "refuse",
      "What happens when a migration would break the code that still runs; `maintenance` shows a page meanwhile.",
    ),
    "lock-timeout": key(duration(), "5s", "How long a migration may wait for a database lock."),
    "statement-timeout": key(duration(), null, "How long one statement of a migration may take.", {
      examples: ["10m"],
    }),
  },
  "Migrations and backups.",
);

const health = section(
  {
    path: key(v.urlPath, "/", "The page that is asked.", { examples: ["/health/"] }),
    status: key(
      auto(list(whole(100, 599), "status codes such as [200, 302]")),
      "auto",
      "`auto` accepts 2xx, 401, 403, 404 and a redirect that keeps scheme and host; never 400 or 5xx, never worse than the live release.",
      { examples: [[200]] },
    ),
    host: key(
      auto(v.hostName),
      "auto",
      "The Host header. `auto` is the host of `url`, the first domain, or the first public name in `ALLOWED_HOSTS`.",
      { examples: ["www.example.com"] },
    ),
    scheme: key(
      oneOf("auto", "http", "https"),
      "auto",
      "Sent as `X-Forwarded-Proto`; `auto` is that of `url`.",
    ),
    contains: key(text(), null, "Text that the page must contain.", { examples: ["Welcome"] }),
    "request-timeout": key(duration({ least: 1 }), "10s", "For one request."),
    deadline: key(duration({ least: 1 }), "60s", "For the whole: boot and probe."),
    successes: key(whole(1, 100), 2, "Good answers in a row."),
  },
  "How a new release proves that it serves, before and after the switch.",
);

const drain = section(
  {
    min: key(duration(), "300ms", "At least this long after the switch."),
    max: key(
      duration(),
      "60s",
      "At the latest; also how long the answers of a server that cuts them when it stops are waited for.",
    ),
  },
  "The old release stops when its accept queue is empty (docs/drain.md).",
);

const release = section(
  {
    path: key(v.releasePath, null, "The application's folder on the host.", {
      defaultText: "`/srv/APP`; `/home/USER/APP` with `server.scope: user`",
      examples: ["/srv/counter"],
    }),
    keep: key(whole(1, 100), 5, "Good releases kept besides the live one."),
    hooks: key(
      said(
        "a map of hooks",
        z.partialRecord(z.enum(hookNames), either(v.command, hookSchema), { error: "a map of hooks" }),
      ),
      {},
      `Commands at ${hookNames.map((name) => `\`${name}\``).join(", ")}: a command, or {run, on: each|one, timeout}.`,
      { examples: [{ "after-switch": "./notify.sh" }] },
    ),
  },
  "Where releases live and how many stay.",
);

export const serviceKeys = {
  server,
  processes: key(
    mapOf(
      text("the name of a process such as worker", /^[a-z][a-z0-9-]{0,30}$/),
      either(v.command, processSchema),
      "a map of processes",
    ),
    {},
    "What else runs this code: a command, or {command, singleton, stop-timeout, roles}.",
    {
      examples: [
        {
          worker: "celery -A tute worker",
          beat: { command: "celery -A tute beat", singleton: true, roles: ["jobs"] },
        },
      ],
    },
  ),
  static: statics,
  shared: key(
    list(shared, "paths"),
    [],
    "What outlives a release. A trailing slash: a folder that is made and kept writable. `{path, target}` links in place. A SQLite database and `MEDIA_ROOT` are added by themselves.",
    { examples: [["media", "logs/"], [{ path: "media", target: "/home/me/site/media" }]] },
  ),
  packages: key(
    list(v.debianPackage, "Debian packages"),
    [],
    "Debian packages that `setup` installs and that are checked before a release.",
    { examples: [["libpq-dev", "gettext"]] },
  ),
  env,
  database,
  health,
  drain,
  release,
};
