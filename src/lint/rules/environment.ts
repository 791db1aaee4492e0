import { leaves, toCondition } from "../../python/logic/decide.ts";
import type { EnvRead } from "../../python/logic/machine.ts";
import type { Place, Value } from "../../python/logic/values.ts";
import { TRUE } from "../../python/logic/values.ts";
import { argument, callsOf, placeOfCode, plainValue, reached } from "../code.ts";
import { type Judge, setting } from "../judge.ts";
import type { Check, Rule } from "../rule.ts";
import { unsetEdge } from "../verdict.ts";

/** Family E: variables, and the files they come from. */
export const environmentRules: Rule[] = [
  {
    id: "async.E001",
    level: "error",
    title: "DJANGO_ALLOW_ASYNC_UNSAFE is set",
    why: "It turns off the guard that keeps requests from sharing a database connection: data of one ends up in another.",
    fix: "Remove it from env.vars and env.secrets.",
    docs: "topics/async/#envvar-DJANGO_ALLOW_ASYNC_UNSAFE",
    check: (j) =>
      setOutside(j, "DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_ALLOW_ASYNC_UNSAFE is set in production"),
  },
  {
    id: "djdeploy.python-dev-mode",
    level: "warning",
    title: "Python runs in its development mode",
    why: "PYTHONDEVMODE adds checks to every allocation and import: the site is much slower.",
    fix: "Remove it from env.vars.",
    docs: "https://docs.python.org/3/library/devmode.html",
    check: (j) => setOutside(j, "PYTHONDEVMODE", "PYTHONDEVMODE is set in production"),
  },
  {
    id: "djdeploy.settings-module-differs",
    level: "warning",
    title: "The environment names other settings than djdeploy.yml",
    why: "A deploy sets DJANGO_SETTINGS_MODULE itself, so the line has no effect, and whoever reads it believes otherwise.",
    fix: "Remove DJANGO_SETTINGS_MODULE from env.vars: a deploy sets it from django.settings.",
    docs: "topics/settings/#designating-the-settings",
    check: (j) => {
      const named = j.input.environment?.DJANGO_SETTINGS_MODULE;
      if (named === undefined || named === j.input.settingsModule) return [];
      return [
        {
          when: TRUE,
          everywhere: true,
          message: `DJANGO_SETTINGS_MODULE is ${named} in the environment, and ${j.input.settingsModule} was judged`,
        },
      ];
    },
  },
  {
    id: "djdeploy.variable-undocumented",
    level: "info",
    title: "The example of the environment misses a variable that has to be set",
    why: "The settings do not load without it: whoever sets up the site by the example learns of it from a failure.",
    fix: "Add the name to the example file.",
    check: undocumented,
  },
  {
    id: "djdeploy.variable-changes-type",
    level: "warning",
    title: "A setting is a text as soon as its variable is set",
    why: "The default has another type than what the environment gives: 'False' is true, and '3600' is no number.",
    fix: 'Cast what is read: int(os.environ.get("NAME", "3600")), or os.environ.get("NAME", "") == "true" for a flag.',
    docs: "ref/settings/",
    check: changesType,
  },
  {
    id: "djdeploy.variable-two-defaults",
    level: "info",
    title: "A variable is read with two different defaults",
    why: "While it is not set, two parts of the project believe different things.",
    fix: "Read it once, and use the value.",
    check: twoDefaults,
  },
  {
    id: "djdeploy.env-file-overrides",
    level: "warning",
    title: "A file overrides the environment",
    why: "What the host or djdeploy.yml sets is replaced by what stands in the file.",
    fix: "Load it without override (overwrite) in production.",
    check: (j) =>
      callsOf(j, /(^|\.)(load_dotenv|read_env|read_envfile)$/).flatMap((call) =>
        ["override", "overwrite"]
          .filter((name) => {
            const given = argument(j, call, name);
            return given?.t === "bool" && given.v;
          })
          .map((name) => ({
            when: call.always ? TRUE : reached(j, call),
            message: `${call.name}(${name}=True): the file wins over the real environment`,
            place: placeOfCode(call),
          })),
      ),
  },
  {
    id: "djdeploy.env-file-outside",
    level: "info",
    title: "The environment is read from a file that a deploy does not know",
    why: "The file is on one host only, no release has it, and a rollback does not bring it back.",
    fix: "Name the variables in djdeploy.yml under env.secrets and env.vars.",
    check: (j) =>
      callsOf(j, /(^|\.)(load_dotenv|read_env|read_envfile)$/).flatMap((call) => {
        const path = call.args[0] ? plainValue(j, call.args[0]) : argument(j, call, "dotenv_path");
        if (path?.t !== "str" || !/^[/~]/.test(path.v)) return [];
        return [
          {
            when: call.always ? TRUE : reached(j, call),
            message: `${call.name}() reads ${path.v}, outside the repository`,
            place: placeOfCode(call),
          },
        ];
      }),
  },
];

function setOutside(j: Judge, name: string, message: string): Check[] {
  const value = j.input.environment?.[name];
  const set = value !== undefined ? value !== "" : (j.input.provided ?? []).includes(name);
  return set ? [{ when: TRUE, everywhere: true, message }] : [];
}

/** Variables of the process and of tools, that nobody writes into an example. */
const OWN =
  /^(DJANGO_SETTINGS_MODULE|PYTHON\w*|HOME|PATH|USER|PWD|SHELL|LANG|LOGNAME|TERM|TZ|HOSTNAME|PORT|CI|GITHUB_\w+|VIRTUAL_ENV|TMPDIR|DYNO|RENDER\w*|HEROKU\w*|KUBERNETES_\w+|GAE_\w+|AWS_LAMBDA\w*|PYTEST\w*|XDG_\w+)$/;

function undocumented(j: Judge): Check[] {
  const example = j.input.files
    .list()
    .find(
      (f) =>
        /^(\.?env[._-](example|sample|template|dist|default)s?|\.?(example|sample)[._-]env)$/i.test(
          f.split("/").at(-1) ?? "",
        ) && f.split("/").length <= 3,
    );
  const text = example ? j.input.files.read(example) : null;
  if (!example || text === null) return [];
  const known = new Set(
    [...text.matchAll(/^[ \t]*#?[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=/gm)].map((m) => m[1]),
  );
  if (known.size === 0) return [];
  const names = new Set<string>();
  for (const { name, default: standing } of j.evaluation.reads)
    if (standing === null && !known.has(name) && !OWN.test(name)) names.add(name);
  if (names.size === 0) return [];
  const shown = [...names].sort();
  const first = j.evaluation.reads.find((r) => r.name === shown[0]) as EnvRead;
  const more = shown.length > 5 ? ` and ${shown.length - 5} more` : "";
  return [
    {
      when: TRUE,
      message: `the settings need ${shown.slice(0, 5).join(", ")}${more}, which ${example} does not name`,
      place: first.place,
    },
  ];
}

/** Settings whose texts have rules of their own. */
const JUDGED_ELSEWHERE = new Set([
  "DEBUG",
  "SECURE_SSL_REDIRECT",
  "SESSION_COOKIE_SECURE",
  "CSRF_COOKIE_SECURE",
  "SECURE_HSTS_INCLUDE_SUBDOMAINS",
]);

/** A Django setting that is a flag or a number by default and a text in other worlds. */
function changesType(j: Judge): Check[] {
  const checks: Check[] = [];
  for (const name of j.evaluation.settings.keys()) {
    const standard = j.evaluation.defaults.get(name);
    if (JUDGED_ELSEWHERE.has(name) || !(standard?.t === "bool" || standard?.t === "num")) continue;
    const v = setting(j, name);
    if (v.t !== "choice" || !readsPlainly(j, v)) continue;
    const kinds = new Set(leaves(v).map((o) => o.t));
    if (!kinds.has("str") || !(kinds.has("bool") || kinds.has("num"))) continue;
    checks.push({
      when: toCondition(v, (o) => o.t === "str" && o.v !== ""),
      setting: name,
      message: `${name} is a text as soon as its variable is set, not ${standard.t === "bool" ? "True or False" : "a number"}`,
    });
  }
  return checks;
}

/** Its first decision is whether a variable is set. */
const readsPlainly = (j: Judge, v: Value): boolean =>
  v.t === "choice" && unsetEdge(j.evaluation, v) !== undefined;

function twoDefaults(j: Judge): Check[] {
  const seen = new Map<string, EnvRead>();
  const found = new Map<string, Check>();
  const plain = (r: EnvRead): string => (r.default ?? "").replace(/^["']|["']$/g, "");
  const spot = (p: Place): string => `${p.file}:${p.line}`;
  for (const read of j.evaluation.reads) {
    if (read.default === null || /^(\.\.\.|None)$/.test(read.default) || read.place.file.startsWith("<"))
      continue;
    const first = seen.get(read.name);
    if (!first) seen.set(read.name, read);
    else if (plain(first) !== plain(read) && spot(first.place) !== spot(read.place))
      found.set(read.name, {
        when: TRUE,
        message: `${read.name} is ${read.default} while unset here, and ${first.default} in ${spot(first.place)}`,
        place: read.place,
      });
  }
  return [...found.values()];
}
