import { and } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { TRUE } from "../../python/logic/values.ts";
import { type Judge, setting, within } from "../judge.ts";
import { declaredPackages } from "../packages.ts";
import { entries, textHolds, texts } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { settingDocs } from "../simple.ts";

/** What settings name by a dotted path, and the packages that have it; any of them will do. */
const PROVIDERS: [RegExp, string[]][] = [
  [/^storages\./, ["django-storages"]],
  [/^whitenoise\./, ["whitenoise"]],
  [/^corsheaders(\.|$)/, ["django-cors-headers"]],
  [/^django_redis\./, ["django-redis"]],
  [/^anymail(\.|$)/, ["django-anymail"]],
  [/^axes(\.|$)/, ["django-axes"]],
  [/^django_extensions$/, ["django-extensions"]],
  [/^debug_toolbar(\.|$)/, ["django-debug-toolbar"]],
  [/^crispy_forms$/, ["django-crispy-forms"]],
  [/^django_celery_beat$/, ["django-celery-beat"]],
  [/^channels$/, ["channels"]],
  [
    /^django\.db\.backends\.postgresql$|^django\.contrib\.gis\.db\.backends\.postgis$/,
    ["psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary", "psycopg2cffi"],
  ],
  [/^django\.db\.backends\.mysql$/, ["mysqlclient", "pymysql"]],
  [/^django\.db\.backends\.oracle$/, ["oracledb", "cx-oracle"]],
  [/^django\.core\.cache\.backends\.redis\./, ["redis"]],
  [/^django\.core\.cache\.backends\.memcached\.PyMemcache/, ["pymemcache"]],
  [/^django\.core\.cache\.backends\.memcached\.PyLibMC/, ["pylibmc"]],
];
/** Packages that bring others of these along. */
const BRINGS_OTHERS =
  /^(django-heroku|django-on-heroku|wagtail|django-cms|django-oscar|saleor|mezzanine|cookiecutter.*|dj-stripe|django-storages)$/;

/** Families M, B and F: what the settings name must be installed. */
export const packageRules: Rule[] = [
  {
    id: "djdeploy.package-missing",
    level: "error",
    title: "A package that the settings name is not among the requirements",
    why: "Django does not start, or the first use fails: there is no such module.",
    fix: "Add the package to the requirements.",
    docs: settingDocs("INSTALLED_APPS"),
    check: missing,
  },
];

function missing(j: Judge): Check[] {
  const declared = declaredPackages(j.input.files);
  if (declared === null || !declared.has("django")) return [];
  // With a lock file, or where pip wrote every package down, what is not named is not installed.
  const whole = j.input.files
    .list()
    .some((f) => /(^|\/)(uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock)$/.test(f));
  const open = !whole && [...declared].some((p) => BRINGS_OTHERS.test(p));
  return named(j).flatMap(({ name, path, when }) => {
    const providers = PROVIDERS.find(([fits]) => fits.test(path))?.[1];
    if (!providers || providers.some((p) => declared.has(p))) return [];
    return [
      {
        when,
        setting: name,
        message: `${name} names ${path}, and no requirements file names ${providers[0]}`,
        hint: `add ${providers[0]} to the requirements`,
        ...(whole ? {} : { level: "warning" as const }),
        ...(open ? { unsure: "another package may bring it along" } : {}),
      },
    ];
  });
}

/** Every dotted path of installed code that the settings hold. */
function named(j: Judge): { name: string; path: string; when: Value }[] {
  const lists = ["INSTALLED_APPS", "MIDDLEWARE"].flatMap((name) =>
    texts(j, setting(j, name)).map(({ text, when }) => ({ name, path: text, when })),
  );
  const tables: [string, string][] = [
    ["DATABASES", "ENGINE"],
    ["CACHES", "BACKEND"],
    ["STORAGES", "BACKEND"],
  ];
  const backends = tables.flatMap(([name, part]) =>
    entries(j, setting(j, name)).flatMap(({ value, when }) => {
      const path = within(j, value, part);
      return path.t === "str"
        ? [
            {
              name,
              path: path.v,
              when: and(
                when,
                textHolds(j, path, () => true, ""),
              ),
            },
          ]
        : [];
    }),
  );
  const plain = ["STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE", "EMAIL_BACKEND"].flatMap((name) => {
    const path = setting(j, name);
    return path.t === "str" && j.evaluation.settings.has(name) ? [{ name, path: path.v, when: TRUE }] : [];
  });
  return [...lists, ...backends, ...plain];
}
