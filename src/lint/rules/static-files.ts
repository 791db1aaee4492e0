import { and, not, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE, TRUE } from "../../python/logic/values.ts";
import {
  elements,
  hasApp,
  hasMiddleware,
  holds,
  isSet,
  type Judge,
  setting,
  since,
  within,
} from "../judge.ts";
import { belowTop, isInside, isMissing, textHolds } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { rule, settingDocs } from "../simple.ts";

const staticfiles = (j: Judge): Value => hasApp(j, "django.contrib.staticfiles");
const root = (j: Judge): Value => setting(j, "STATIC_ROOT");

/** Family S, the files themselves: where they are collected, whether they are there. */
export const staticFileRules: Rule[] = [
  rule({
    id: "djdeploy.static-root-relative",
    level: "warning",
    setting: "STATIC_ROOT",
    title: "STATIC_ROOT is relative",
    why: "Where the files go depends on the folder that collectstatic was started from.",
    fix: 'Make it absolute: STATIC_ROOT = BASE_DIR / "staticfiles".',
    when: (j) =>
      and(
        staticfiles(j),
        textHolds(j, root(j), (p) => p !== "" && !p.startsWith("/"), "is relative"),
      ),
  }),
  {
    id: "djdeploy.static-collected-tracked",
    level: "info",
    title: "Collected static files are tracked by git",
    why: "A deploy collects them anew; the tracked copies grow old, and every collectstatic changes the work tree.",
    fix: "git rm -r --cached the folder and add it to .gitignore.",
    docs: settingDocs("STATIC_ROOT"),
    check: collected,
  },
  {
    id: "staticfiles.E001",
    level: "error",
    title: "STATICFILES_DIRS is no list",
    why: "Django refuses it: no static file is found.",
    fix: "Make it a list or a tuple; a tuple of one needs its comma.",
    docs: settingDocs("STATICFILES_DIRS"),
    check: (j) => [
      {
        when: and(
          staticfiles(j),
          holds(j, setting(j, "STATICFILES_DIRS"), (o) => o.t !== "list" && o.t !== "tuple", "is no list"),
        ),
        setting: "STATICFILES_DIRS",
        message: "STATICFILES_DIRS is no list or tuple",
      },
    ],
  },
  {
    id: "staticfiles.W004",
    level: "warning",
    from: [4, 0],
    title: "A folder of STATICFILES_DIRS is not there",
    why: "Its files are not collected; git does not keep empty folders.",
    fix: "Add the folder with its files, or remove the entry.",
    docs: settingDocs("STATICFILES_DIRS"),
    check: absent,
  },
  {
    id: "djdeploy.static-not-hashed",
    level: "info",
    title: "Static files are cached for long without a hash in their names",
    why: "After a release, browsers and the CDN go on with the old files.",
    fix: "Use ManifestStaticFilesStorage or WhiteNoise's CompressedManifestStaticFilesStorage.",
    docs: "ref/contrib/staticfiles/#manifeststaticfilesstorage",
    check: (j) => [
      {
        when: and(and(staticfiles(j), plainStorage(j)), or(longCached(j), onOtherHost(j))),
        setting: "STATIC_URL",
        message:
          "static files are kept by browsers or a CDN, but their names do not change with their content",
      },
    ],
  },
];

/** Files below STATIC_ROOT that git knows, where it is no source folder. */
function collected(j: Judge): Check[] {
  const own = root(j);
  const folder = own.t === "str" || own.t === "path" ? belowTop(own.v) : null;
  if (!folder) return [];
  const sources = elements(j, setting(j, "STATICFILES_DIRS")).flatMap(({ item }) =>
    item.t === "str" || item.t === "path" ? (belowTop(item.v) ?? []) : [],
  );
  // What stands in a source folder too is no copy.
  if (sources.some((s) => isInside(folder, s) || isInside(s, folder))) return [];
  const tracked = j.input.files.list().find((f) => f.startsWith(`${folder}/admin/`) && /\.(css|js)$/.test(f));
  return tracked
    ? [
        {
          when: TRUE,
          setting: "STATIC_ROOT",
          message: `${folder}/ is STATIC_ROOT, and git tracks what was collected there`,
        },
      ]
    : [];
}

/** Folders in the repository that no tracked file is in; what a build makes is not known. */
function absent(j: Judge): Check[] {
  if (j.input.deployment?.built) return [];
  const files = j.input.files.list();
  return elements(j, setting(j, "STATICFILES_DIRS")).flatMap(({ item, when }) => {
    const path = item.t === "str" || item.t === "path" ? belowTop(item.v) : null;
    if (!path || files.some((f) => isInside(f, path))) return [];
    const made = /(^|\/)(node_modules|dist|build|out|bundles?|\.?webpack[^/]*|compiled|public)(\/|$)/.test(
      path,
    );
    return [
      {
        when: and(when, staticfiles(j)),
        setting: "STATICFILES_DIRS",
        message: `the folder ${path}/ of STATICFILES_DIRS is not in the repository`,
        ...(made ? { unsure: "a build may make it" } : {}),
      },
    ];
  });
}

function plainStorage(j: Judge): Value {
  const plain = (v: Value): Value =>
    textHolds(j, v, (b) => b === "django.contrib.staticfiles.storage.StaticFilesStorage", "is plain");
  const named = within(j, setting(j, "STORAGES"), "staticfiles", "BACKEND");
  const byStorages = since(j, 4, 2)
    ? and(isSet(j, "STORAGES"), or(isMissing(j, named), plain(named)))
    : FALSE;
  const old = since(j, 5, 1)
    ? FALSE
    : and(isSet(j, "STATICFILES_STORAGE"), not(plain(setting(j, "STATICFILES_STORAGE"))));
  return or(byStorages, and(not(isSet(j, "STORAGES")), not(old)));
}

/** WhiteNoise is told to let browsers keep files for more than a day. */
function longCached(j: Judge): Value {
  const age = holds(j, setting(j, "WHITENOISE_MAX_AGE"), (o) => o.t === "num" && o.v > 86_400, "is long");
  return and(hasMiddleware(j, "whitenoise.middleware.WhiteNoiseMiddleware"), age);
}

const onOtherHost = (j: Judge): Value =>
  textHolds(j, setting(j, "STATIC_URL"), (u) => /^(https?:)?\/\//.test(u), "is on another host");
