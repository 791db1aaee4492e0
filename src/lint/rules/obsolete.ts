import { and, possible } from "../../python/logic/decide.ts";
import { bool, FALSE } from "../../python/logic/values.ts";
import { versionOf } from "../../python/outside/django-defaults.ts";
import { isReadAgain } from "../code.ts";
import { isSet, type Judge, not, since } from "../judge.ts";
import type { Check, Rule } from "../rule.ts";
import { rule } from "../simple.ts";
import type { FindingLevel } from "../types.ts";

/** Settings that a version stopped reading: name, version, what it means. */
const GONE: [string, [number, number], string][] = [
  ["MIDDLEWARE_CLASSES", [2, 0], "the site runs with no middleware at all: rename it to MIDDLEWARE"],
  ["TEMPLATE_DIRS", [1, 10], "templates are not found: use TEMPLATES"],
  ["TEMPLATE_CONTEXT_PROCESSORS", [1, 10], "use TEMPLATES"],
  ["TEMPLATE_LOADERS", [1, 10], "use TEMPLATES"],
  ["TEMPLATE_DEBUG", [1, 10], "use TEMPLATES"],
  ["SECURE_BROWSER_XSS_FILTER", [4, 0], "browsers have dropped the filter"],
  [
    "PASSWORD_RESET_TIMEOUT_DAYS",
    [4, 0],
    "reset links have another lifetime: use PASSWORD_RESET_TIMEOUT (seconds)",
  ],
  ["DEFAULT_HASHING_ALGORITHM", [4, 0], "it was for the move to 3.1"],
  ["USE_L10N", [5, 0], "localisation is always on"],
  ["USE_DEPRECATED_PYTZ", [5, 0], "zoneinfo is used"],
  ["CSRF_COOKIE_MASKED", [5, 0], "it was for the move to 4.1"],
  ["FORMS_URLFIELD_ASSUME_HTTPS", [6, 0], "https is assumed"],
];

/** Settings that a version warns of and a later one does not read: name, from, until. */
const GOING: [RegExp, [number, number], [number, number], string][] = [
  [/^EMAIL_(BACKEND|HOST|PORT|HOST_USER|HOST_PASSWORD|USE_TLS|USE_SSL|TIMEOUT)$/, [6, 1], [7, 0], "MAILERS"],
  [/^(STATICFILES_STORAGE|DEFAULT_FILE_STORAGE)$/, [4, 2], [5, 1], "STORAGES"],
];

/** Last day of support of each series, as its release page says. */
const SUPPORT_ENDS: Record<string, string> = {
  "3.2": "2024-04-01",
  "4.0": "2023-04-01",
  "4.1": "2023-12-01",
  "4.2": "2026-04-30",
  "5.0": "2025-04-02",
  "5.1": "2025-12-31",
  "5.2": "2028-04-30",
  "6.0": "2027-04-30",
  "6.1": "2027-12-31",
};

/** Family F: what this version of Django does not read, or reads otherwise. */
export const obsoleteRules: Rule[] = [
  {
    id: "djdeploy.setting-removed",
    level: "warning",
    title: "A setting that this Django no longer reads",
    why: "The line has no effect: what it was for happens otherwise, or not at all.",
    fix: "Remove it, or use what took its place.",
    docs: "ref/settings/",
    check: (j) =>
      GONE.filter(([name, from]) => since(j, ...from) && !isReadAgain(j, name)).flatMap(
        ([name, [a, b], meaning]) => {
          const message = `${name} is not read since Django ${a}.${b}`;
          const beside = name === "MIDDLEWARE_CLASSES" ? isSet(j, "MIDDLEWARE") : FALSE;
          return [
            {
              when: and(isSet(j, name), not(beside)),
              setting: name,
              level: levelOf(j, name, meaning),
              message: `${message}: ${meaning}`,
            },
            // What is left of the old list harms nobody where the one that this Django reads stands beside it.
            {
              when: and(isSet(j, name), beside),
              setting: name,
              level: "info" as const,
              message: `${message}: MIDDLEWARE, which stands beside it, is`,
            },
          ];
        },
      ),
  },
  {
    id: "djdeploy.setting-deprecated",
    level: "info",
    title: "A setting that a later Django will not read",
    why: "After the upgrade the line has no effect, and nothing says so.",
    fix: "Move it to what takes its place.",
    docs: "internals/deprecation/",
    check: (j) =>
      GOING.filter(([, from, until]) => since(j, ...from) && !since(j, ...until)).flatMap(
        ([names, , [a, b], successor]) =>
          [...j.evaluation.settings.keys()]
            .filter((name) => names.test(name))
            .map((name) => ({
              when: isSet(j, name),
              setting: name,
              message: `${name} is not read by Django ${a}.${b} any more: ${successor} takes its place`,
            })),
      ),
  },
  {
    id: "djdeploy.django-unsupported",
    level: "warning",
    title: "This version of Django gets no fixes any more",
    why: "Holes that are found from now on stay open.",
    fix: "Move to a supported version.",
    docs: "https://www.djangoproject.com/download/#supported-versions",
    check: (j) => {
      const series = /^\d+\.\d+/.exec(j.input.djangoVersion ?? "")?.[0] ?? "";
      const ends = SUPPORT_ENDS[series];
      const old = series !== "" && !since(j, 3, 2);
      const over = old || (ends !== undefined && ends < (j.input.today ?? ends));
      return over
        ? [{ when: bool(true), message: `Django ${series} is out of support${ends ? ` since ${ends}` : ""}` }]
        : [];
    },
  },
  rule({
    id: "models.W042",
    level: "warning",
    from: [3, 2],
    to: [6, 0],
    setting: "DEFAULT_AUTO_FIELD",
    title: "DEFAULT_AUTO_FIELD is not set",
    why: "Django 6 changes the default: the upgrade would plan a migration for every model.",
    fix: "DEFAULT_AUTO_FIELD = 'django.db.models.AutoField' keeps what is there; new projects take BigAutoField.",
    when: (j) => (possible(isSet(j, "INSTALLED_APPS")) ? not(isSet(j, "DEFAULT_AUTO_FIELD")) : FALSE),
  }),
  {
    id: "djdeploy.unused-ignore",
    level: "info",
    title: "Something is ignored that is not there",
    why: "The line has no effect: the id is not known, or the finding is gone.",
    fix: "Correct the id, or remove the line.",
    // Found out last, by suppress.ts: only then is it known what was ignored.
    check: () => [],
  },
  ...misspelt(),
];

/** Settings of well-known packages whose names are like one of Django's. */
const OTHERS = new Set(["ASGI_APPLICATION"]);

/** Names one or two letters away from a setting that matters here. */
function misspelt(): Rule[] {
  return [
    {
      id: "djdeploy.setting-misspelt",
      level: "warning",
      title: "A setting's name looks misspelt",
      why: "Django reads only the exact name; this one has no effect.",
      fix: "Correct the name.",
      docs: "ref/settings/",
      check: (j) => {
        const known = [...j.evaluation.defaults.keys()].filter((n) => n.length > 7);
        const checks: Check[] = [];
        for (const name of j.evaluation.settings.keys()) {
          if (j.evaluation.defaults.has(name) || name.length < 8 || OTHERS.has(name)) continue;
          const near = known.find((k) => Math.abs(k.length - name.length) < 2 && distance(k, name) === 1);
          if (near)
            checks.push({
              when: isSet(j, name),
              setting: name,
              message: `${name} has no effect: is ${near} meant?`,
            });
        }
        return checks;
      },
    },
  ];
}

/** Edit distance, cut at 2. */
export function distance(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const [x, y] = [a.slice(i), b.slice(i)];
  if (x.slice(1) === y || y.slice(1) === x || x.slice(1) === y.slice(1)) return 1;
  return x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2) ? 1 : 2;
}

/** Without its middleware a site runs with none at all; where nothing says the version, an old one may still read it. */
function levelOf(j: Judge, name: string, meaning: string): FindingLevel {
  if (name === "MIDDLEWARE_CLASSES") return versionOf(j.input.djangoVersion) ? "error" : "warning";
  return meaning.startsWith("reset") ? "warning" : "info";
}
