import { and, not, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { bool, FALSE, TRUE } from "../../python/logic/values.ts";
import { certainItems, elements, hasApp, type Judge, setting, within } from "../judge.ts";
import { someText, texts } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { settingDocs } from "../simple.ts";
import { isOwn } from "../verdict.ts";

/** What the admin needs (django.contrib.admin.checks): id, what is missing, what to add. */
const ADMIN_APPS: [string, string][] = [
  ["admin.E401", "django.contrib.contenttypes"],
  ["admin.E405", "django.contrib.auth"],
  ["admin.E406", "django.contrib.messages"],
];
const ADMIN_MIDDLEWARE: [string, string][] = [
  ["admin.E408", "django.contrib.auth.middleware.AuthenticationMiddleware"],
  ["admin.E409", "django.contrib.messages.middleware.MessageMiddleware"],
  ["admin.E410", "django.contrib.sessions.middleware.SessionMiddleware"],
];
const ADMIN_PROCESSORS: [string, string][] = [
  ["admin.E402", "django.contrib.auth.context_processors.auth"],
  ["admin.E404", "django.contrib.messages.context_processors.messages"],
];
const DJANGO_TEMPLATES = "django.template.backends.django.DjangoTemplates";

const admin = (j: Judge): Value =>
  or(hasApp(j, "django.contrib.admin"), hasApp(j, "django.contrib.admin.apps.AdminConfig"));

function adminRule(id: string, what: string, setting: string, check: (j: Judge) => Value): Rule {
  return {
    id,
    level: "error",
    from: [2, 2],
    title: `The admin needs ${what.split(".").slice(-1)[0]}`,
    why: "Django refuses to start its checks, and a migrate or a deploy with it.",
    fix: `Add "${what}" to ${setting === "TEMPLATES" ? "the context processors of TEMPLATES" : setting}.`,
    docs: "ref/contrib/admin/",
    check: (j) => [
      {
        when: and(admin(j), check(j)),
        setting,
        message: `the admin is installed, but "${what}" is not in ${setting}`,
      },
    ],
  };
}

/** Family F, what is installed. */
export const appRules: Rule[] = [
  {
    id: "djdeploy.app-twice",
    level: "error",
    title: "An app is installed twice",
    why: "Django does not start: application labels are not unique.",
    fix: "Remove one of the entries.",
    docs: "ref/settings/#installed-apps",
    check: (j) => twice(j),
  },
  {
    id: "djdeploy.app-missing",
    level: "error",
    title: "An installed app of the project is not there",
    why: "Django does not start: there is no such module.",
    fix: "Correct the name in INSTALLED_APPS, or add the app to git.",
    docs: settingDocs("INSTALLED_APPS"),
    check: missingApps,
  },
  ...ADMIN_APPS.map(([id, app]) =>
    adminRule(id, app, "INSTALLED_APPS", (j) =>
      // An AppConfig by its own path is the app too.
      not(someText(j, setting(j, "INSTALLED_APPS"), (a) => a === app || a.startsWith(`${app}.`))),
    ),
  ),
  ...ADMIN_MIDDLEWARE.map(([id, path]) =>
    adminRule(id, path, "MIDDLEWARE", (j) =>
      onlyKnown(j) ? not(someText(j, setting(j, "MIDDLEWARE"), (m) => m === path)) : FALSE,
    ),
  ),
  ...ADMIN_PROCESSORS.map(([id, path]) =>
    adminRule(id, path, "TEMPLATES", (j) => (id === "admin.E402" && !ownBackend(j) ? FALSE : lacks(j, path))),
  ),
  {
    id: "admin.E403",
    level: "error",
    from: [2, 2],
    title: "The admin needs Django's templates",
    why: "No engine of TEMPLATES is DjangoTemplates: the admin cannot be shown.",
    fix: `Add an engine with "BACKEND": "${DJANGO_TEMPLATES}" to TEMPLATES.`,
    docs: "ref/contrib/admin/",
    check: (j) => [
      {
        when: engines(j).length === 0 && certainItems(setting(j, "TEMPLATES")) ? admin(j) : FALSE,
        setting: "TEMPLATES",
        message: "the admin is installed, but no engine of TEMPLATES is DjangoTemplates",
      },
    ],
  },
];

/** Every middleware is Django's own: a project's could be a subclass of the one that is looked for. */
function onlyKnown(j: Judge): boolean {
  return texts(j, setting(j, "MIDDLEWARE")).every(({ text }) =>
    /^(django|whitenoise|corsheaders|debug_toolbar)\./.test(text),
  );
}

/** The check for auth's context processor is only made where users are kept by Django's own backend. */
function ownBackend(j: Judge): boolean {
  const named = j.evaluation.settings.has("AUTHENTICATION_BACKENDS");
  const own = texts(j, setting(j, "AUTHENTICATION_BACKENDS"));
  return !named || own.some(({ text }) => text === "django.contrib.auth.backends.ModelBackend");
}

/** The engines that are DjangoTemplates, or may be. */
function engines(j: Judge): Value[] {
  return elements(j, setting(j, "TEMPLATES"))
    .filter(({ item }) => {
      const backend = within(j, item, "BACKEND");
      // A project's own engine may be a subclass.
      return backend.t !== "str" || !/jinja/i.test(backend.v);
    })
    .map(({ item }) => item);
}

/** Every DjangoTemplates engine lacks the context processor. */
function lacks(j: Judge, path: string): Value {
  const own = engines(j);
  let all: Value = own.length > 0 ? TRUE : FALSE;
  for (const engine of own)
    all = and(all, not(someText(j, within(j, engine, "OPTIONS", "context_processors"), (p) => p === path)));
  return all;
}

function twice(j: Judge): Check[] {
  const apps = setting(j, "INSTALLED_APPS");
  const content = apps.t === "list" ? apps.content : apps;
  if (content.t !== "tuple") return [];
  const seen = new Set<string>();
  const found: Check[] = [];
  for (const item of content.items) {
    if (item.t !== "str") continue;
    if (seen.has(item.v))
      found.push({
        when: bool(true),
        setting: "INSTALLED_APPS",
        message: `INSTALLED_APPS lists ${item.v} twice`,
      });
    seen.add(item.v);
  }
  return found;
}

/** Apps below a package of the repository for which there is no folder and no module. */
function missingApps(j: Judge): Check[] {
  const root = (j.input.root ?? ".").replace(/^\.?\/?$/, "");
  const files = j.input.files.list();
  const at = (path: string): string => (root ? `${root}/${path}` : path);
  const has = (path: string): boolean => files.some((f) => f === `${path}.py` || f.startsWith(`${path}/`));
  return texts(j, setting(j, "INSTALLED_APPS")).flatMap(({ text, when }) => {
    const parts = text.split(".");
    const top = parts[0] as string;
    if (!isOwn(j.evaluation, when)) return [];
    if (parts.length < 2 || !files.includes(at(`${top}/__init__.py`))) return [];
    if (has(at(parts.join("/")))) return [];
    // The last part may be a class of the module before it.
    if (/^[A-Z]/.test(parts.at(-1) as string) && has(at(parts.slice(0, -1).join("/")))) return [];
    return [
      {
        when,
        setting: "INSTALLED_APPS",
        message: `INSTALLED_APPS names ${text}, which is not in the repository`,
      },
    ];
  });
}
