import type { Place } from "../../python/logic/values.ts";
import { TRUE } from "../../python/logic/values.ts";
import { gunicornOf, numberIn, OURS, textIn, told } from "../gunicorn.ts";
import { certainItems, type Judge } from "../judge.ts";
import { declaredPackages } from "../packages.ts";
import type { Check, Rule } from "../rule.ts";

const DOCS = "https://docs.gunicorn.org/en/stable/settings.html";

type Wanted = Omit<Rule, "check" | "docs"> & {
  /** Gunicorn's name of the setting. */
  name: string;
  message: string;
  test: Parameters<typeof told>[2];
};

/** A rule about one setting of Gunicorn, wherever it is given. */
function setting({ name, message, test, ...rest }: Wanted): Rule {
  return {
    docs: DOCS,
    ...rest,
    check: (j) => {
      const gunicorn = gunicornOf(j);
      return gunicorn ? told(j, gunicorn.get(name), test, `${name} is so`, message) : [];
    },
  };
}

const isOn: Wanted["test"] = (o) => o.t === "bool" && o.v;
const isPublic: Wanted["test"] = (o) => {
  const all = certainItems(o)?.map((v) => ("v" in v ? String(v.v) : "")) ?? [textIn(o) ?? ""];
  return all.some((bind) => /^(0\.0\.0\.0|\[::\]|::|)(:\d+)$/.test(bind));
};

/** Family G: Gunicorn, as server.args, GUNICORN_CMD_ARGS and gunicorn.conf.py tell it. */
export const gunicornRules: Rule[] = [
  setting({
    id: "djdeploy.gunicorn-reload",
    level: "error",
    name: "reload",
    title: "Gunicorn reloads code that changes",
    why: "It watches every file and restarts workers while they serve; a release never changes, so it is only harm.",
    fix: "Remove reload from gunicorn.conf.py and server.args.",
    message: "Gunicorn's reload is on",
    test: isOn,
  }),
  setting({
    id: "djdeploy.gunicorn-daemon",
    level: "error",
    name: "daemon",
    title: "Gunicorn goes into the background",
    why: "The service manager sees its process end, and starts or stops it again and again.",
    fix: "Remove daemon: systemd and supervisord keep it in the background.",
    message: "Gunicorn's daemon is on: the service manager loses sight of it",
    test: isOn,
  }),
  setting({
    id: "djdeploy.gunicorn-timeout",
    level: "warning",
    name: "timeout",
    title: "A worker may hang for long",
    why: "A timeout of 0 or of minutes leaves workers with requests that nobody waits for any more.",
    fix: "Keep it at 30 to 120 seconds, and move longer work into a queue.",
    message: "Gunicorn's timeout is 0 or longer than two minutes",
    test: (o) => {
      const seconds = numberIn(o);
      return seconds !== null && (seconds === 0 || seconds > 120);
    },
  }),
  setting({
    id: "djdeploy.gunicorn-one-worker",
    level: "warning",
    name: "workers",
    title: "There is one worker",
    why: "One slow request holds up every other, and a restart of the worker is a pause for all.",
    fix: "Leave server.workers at auto, or give two or more.",
    message: "server.args gives Gunicorn one worker",
    test: (o) => o.t === "str" && o.v === "1",
  }),
  {
    id: "djdeploy.gunicorn-public-bind",
    level: "warning",
    title: "Gunicorn listens on every address",
    why: "Whoever reaches the port goes round nginx, its limits and its TLS.",
    fix: "Remove the bind: a deploy has Gunicorn listen on a socket that only nginx opens.",
    docs: DOCS,
    check: (j) => publicBind(j),
  },
  {
    id: "djdeploy.gunicorn-trusts-everyone",
    level: "error",
    title: "Everyone may tell Gunicorn that a request came by HTTPS",
    why: "forwarded_allow_ips is '*' and the port is open to all: X-Forwarded-Proto of any visitor is believed.",
    fix: "Remove forwarded_allow_ips, or the public bind.",
    docs: DOCS,
    check: (j) => {
      const trusted = gunicornOf(j)?.get("forwarded_allow_ips");
      if (!trusted || publicBind(j).length === 0) return [];
      return told(
        j,
        trusted,
        (o) => textIn(o) === "*",
        "is everyone",
        "forwarded_allow_ips is '*' and Gunicorn listens on every address",
      );
    },
  },
  {
    id: "djdeploy.gunicorn-threads",
    level: "info",
    title: "The sync worker is not used",
    why: "With threads above 1 Gunicorn silently takes the gthread worker.",
    fix: 'Write worker_class = "gthread", or remove threads.',
    docs: DOCS,
    check: (j) => {
      const gunicorn = gunicornOf(j);
      const kind = gunicorn?.get("worker_class").value;
      if (!gunicorn || kind?.t !== "str" || kind.v !== "sync") return [];
      return told(
        j,
        gunicorn.get("threads"),
        (o) => (numberIn(o) ?? 0) > 1,
        "are several",
        "worker_class is sync, and threads above 1 make it gthread",
      );
    },
  },
  {
    id: "djdeploy.gunicorn-worker-package",
    level: "error",
    title: "The worker's package is not among the requirements",
    why: "Gunicorn does not start: it cannot import the worker class.",
    fix: "Add the package to the requirements, or use another worker class.",
    docs: DOCS,
    check: missingWorker,
  },
  {
    id: "djdeploy.gunicorn-pidfile",
    level: "warning",
    title: "The pidfile lies in a folder for everyone",
    why: "Anyone on the host can make /tmp's file first and keep Gunicorn from starting.",
    fix: "Remove pidfile: the service manager knows the process.",
    docs: DOCS,
    check: (j) => {
      const pidfile = gunicornOf(j)?.get("pidfile");
      return pidfile
        ? told(
            j,
            pidfile,
            (o) => /^\/(var\/)?tmp\//.test(textIn(o) ?? ""),
            "is in /tmp",
            "Gunicorn's pidfile lies in a temporary folder",
          )
        : [];
    },
  },
  setting({
    id: "djdeploy.gunicorn-error-log",
    level: "info",
    name: "errorlog",
    title: "Gunicorn's errors go into a file",
    why: "djdeploy logs and journalctl then do not show why a worker died, and nobody rotates the file.",
    fix: 'Leave errorlog at "-".',
    message: "Gunicorn writes its errors into a file instead of the service's log",
    test: (o) => textIn(o) !== null && textIn(o) !== "-",
  }),
  {
    id: "djdeploy.gunicorn-max-requests",
    level: "info",
    title: "All workers restart at the same time",
    why: "max_requests without max_requests_jitter: workers that began together end together.",
    fix: "Set max_requests_jitter to a tenth of max_requests.",
    docs: DOCS,
    check: (j) => {
      const gunicorn = gunicornOf(j);
      const jitter = gunicorn?.get("max_requests_jitter").value;
      if (!gunicorn || (jitter && jitter.t !== "missing")) return [];
      return told(
        j,
        gunicorn.get("max_requests"),
        (o) => (numberIn(o) ?? 0) > 0,
        "is set",
        "max_requests is set without max_requests_jitter",
      );
    },
  },
  {
    id: "djdeploy.gunicorn-settings-module",
    level: "error",
    title: "Gunicorn's configuration names other settings",
    why: "raw_env replaces DJANGO_SETTINGS_MODULE in every worker: what was judged is not what serves.",
    fix: "Remove DJANGO_SETTINGS_MODULE from raw_env: a deploy sets it.",
    docs: DOCS,
    check: otherSettings,
  },
  setting({
    id: "djdeploy.gunicorn-chdir",
    level: "warning",
    name: "chdir",
    title: "Gunicorn changes into another folder",
    why: "A fixed folder is not the release's: other code may be imported than the one that was deployed.",
    fix: "Remove chdir: a deploy starts Gunicorn in the release.",
    message: "Gunicorn's chdir leads out of the release",
    test: (o) => textIn(o)?.startsWith("/") === true && !textIn(o)?.startsWith("/srv/site"),
  }),
  {
    id: "djdeploy.gunicorn-file-overruled",
    level: "info",
    title: "A deploy's command line overrules gunicorn.conf.py",
    why: "Gunicorn takes the command line over GUNICORN_CMD_ARGS over its file; a deploy gives these on the command line.",
    fix: "Use server.workers and server.args in djdeploy.yml, and remove the lines.",
    docs: DOCS,
    check: (j) => {
      const gunicorn = j.input.deployment ? gunicornOf(j) : null;
      const without = OURS.filter((name) => gunicorn && gunicorn.inFile(name).value.t !== "missing");
      if (!gunicorn || without.length === 0) return [];
      return [
        {
          when: TRUE,
          message: `${without.join(", ")} in ${gunicorn.file} ${without.length === 1 ? "has" : "have"} no effect: a deploy's command line wins`,
          place: gunicorn.inFile(without[0] as string).place,
        },
      ];
    },
  },
  {
    id: "djdeploy.runserver-in-production",
    level: "warning",
    title: "manage.py runserver serves production",
    why: "The development server is slow, has no protection against load, and was never examined for holes.",
    fix: "Start gunicorn instead; a deploy does so by itself.",
    docs: "ref/django-admin/#runserver",
    check: runserver,
  },
];

/** A bind that the deploy's own does not replace: it is given on the command line, or nothing deploys here. */
function publicBind(j: Judge): Check[] {
  const gunicorn = gunicornOf(j);
  if (!gunicorn) return [];
  const bind = gunicorn.get("bind");
  if (bind.of && j.input.deployment) return [];
  return told(j, bind, isPublic, "is public", "Gunicorn listens on every address").filter(
    ({ when }) => !(when.t === "bool" && !when.v),
  );
}

const PACKAGES: Record<string, string[]> = {
  gevent: ["gevent"],
  eventlet: ["eventlet"],
  tornado: ["tornado"],
  "uvicorn.workers": ["uvicorn"],
  uvicorn_worker: ["uvicorn-worker"],
};

function missingWorker(j: Judge): Check[] {
  const declared = declaredPackages(j.input.files);
  const kind = gunicornOf(j)?.get("worker_class");
  const name = kind ? textIn(kind.value as Parameters<typeof textIn>[0]) : null;
  const wanted = Object.entries(PACKAGES).find(
    ([start]) => name === start || name?.startsWith(`${start}.`),
  )?.[1];
  if (!kind || !wanted || declared === null || wanted.some((p) => declared.has(p))) return [];
  return [
    {
      when: TRUE,
      message: `Gunicorn's worker class ${name} needs ${wanted[0]}, which no requirements file names`,
      place: kind.place,
      // Another package may bring it.
      level: "warning",
    },
  ];
}

function otherSettings(j: Judge): Check[] {
  const gunicorn = gunicornOf(j);
  if (!gunicorn) return [];
  const env = gunicorn.get("raw_env");
  const items = env.value.t === "str" ? [env.value] : (certainItems(env.value) ?? []);
  return items.flatMap((item) => {
    const found = item.t === "str" ? /^DJANGO_SETTINGS_MODULE=(.*)$/.exec(item.v)?.[1] : undefined;
    if (found === undefined || found === j.input.settingsModule) return [];
    return [
      {
        when: TRUE,
        everywhere: true,
        message: `raw_env sets DJANGO_SETTINGS_MODULE to ${found}, and ${j.input.settingsModule} was judged`,
        place: env.place,
      },
    ];
  });
}

/** In what starts a site: a Procfile's web line, a unit, a production Dockerfile. */
function runserver(j: Judge): Check[] {
  const starts = /^(?:web:|ExecStart=|CMD\b|ENTRYPOINT\b|command=).*\bmanage\.py["',\s]+runserver\b/m;
  return j.input.files
    .list()
    .filter((f) => /(^|\/)(Procfile|Dockerfile(\.prod\w*)?|[^/]+\.service|supervisord?\.conf)$/.test(f))
    .filter((f) => !/(^|[/._-])(dev|local|test|example|docs)/i.test(f))
    .flatMap((file) => {
      const text = j.input.files.read(file) ?? "";
      const found = starts.exec(text);
      if (!found) return [];
      const place: Place = {
        t: "place",
        file,
        line: text.slice(0, found.index).split("\n").length,
        column: 1,
      };
      return [{ when: TRUE, message: `${file} starts manage.py runserver`, place }];
    });
}
