import { and, not, possible } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { equal } from "../../python/objects/equality.ts";
import {
  elements,
  hasApp,
  hasMiddleware,
  holds,
  isSet,
  isTruthy,
  type Judge,
  setting,
  within,
} from "../judge.ts";
import { isMissing } from "../questions.ts";
import type { Rule } from "../rule.ts";
import { rule } from "../simple.ts";

const WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware";
const staticfiles = (j: Judge): Value => hasApp(j, "django.contrib.staticfiles");

/** The condition that a URL setting is given and does not end in a slash. */
function noSlash(j: Judge, name: string): Value {
  return holds(
    j,
    setting(j, name),
    (o) => o.t === "str" && o.v !== "" && !o.v.endsWith("/"),
    "ends in no slash",
  );
}

/** Family S: which storage serves static files. */
export const staticRules: Rule[] = [
  rule({
    id: "djdeploy.static-root-unset",
    level: "warning",
    setting: "STATIC_ROOT",
    title: "STATIC_ROOT is not set",
    why: "collectstatic has no folder to put the files into; a deploy then overrides it and says so.",
    fix: 'Set STATIC_ROOT = BASE_DIR / "staticfiles".',
    when: (j) => and(staticfiles(j), not(isTruthy(j, "STATIC_ROOT"))),
  }),
  {
    id: "urls.E006",
    level: "error",
    title: "STATIC_URL or MEDIA_URL does not end in a slash",
    why: "Django refuses it: addresses of files are joined to it.",
    fix: "End it with a slash.",
    docs: "ref/settings/#static-url",
    check: (j) =>
      ["STATIC_URL", "MEDIA_URL"].map((name) => ({
        when: noSlash(j, name),
        setting: name,
        message: `${name} does not end in a slash`,
      })),
  },
  {
    id: "djdeploy.storage-setting-ignored",
    level: "error",
    from: [5, 1],
    title: "A storage setting that Django no longer reads",
    why: "From 5.1 on STATICFILES_STORAGE and DEFAULT_FILE_STORAGE are silently ignored: hashed static files and cloud media turn into plain local files.",
    fix: 'Move them into STORAGES = {"default": {"BACKEND": …}, "staticfiles": {"BACKEND": …}}.',
    docs: "ref/settings/#storages",
    check: (j) =>
      ["STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"].map((name) => ({
        when: isSet(j, name),
        setting: name,
        // Without hashed names a site works; uploads that go to a disk in the place of a bucket are lost.
        ...(name === "STATICFILES_STORAGE" || (possible(isSet(j, name)) && storesNothing(j))
          ? { level: "warning" as const }
          : {}),
        message: `${name} is ignored by Django 5.1 and later`,
      })),
  },
  {
    id: "djdeploy.storage-settings-clash",
    level: "error",
    from: [4, 2],
    to: [5, 1],
    title: "STORAGES together with the setting it replaces",
    why: "Django refuses to start with both.",
    fix: "Remove STATICFILES_STORAGE and DEFAULT_FILE_STORAGE.",
    docs: "ref/settings/#storages",
    check: (j) =>
      ["STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"].map((name) => ({
        when: and(isSet(j, "STORAGES"), isSet(j, name)),
        setting: name,
        message: `STORAGES and ${name} are both set: Django does not start`,
      })),
  },
  rule({
    id: "staticfiles.E005",
    level: "error",
    from: [5, 0],
    setting: "STORAGES",
    title: 'STORAGES has no "staticfiles"',
    why: "Static files cannot be found or collected.",
    fix: 'Add "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}.',
    when: (j) =>
      and(
        and(staticfiles(j), isSet(j, "STORAGES")),
        isMissing(j, within(j, setting(j, "STORAGES"), "staticfiles")),
      ),
  }),
  rule({
    id: "djdeploy.storages-default",
    level: "warning",
    setting: "STORAGES",
    title: 'STORAGES has no "default"',
    why: "Uploads and file fields fail.",
    fix: 'Add "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}.',
    when: (j) => and(isSet(j, "STORAGES"), isMissing(j, within(j, setting(j, "STORAGES"), "default"))),
  }),
  rule({
    id: "djdeploy.whitenoise-not-used",
    level: "warning",
    setting: "MIDDLEWARE",
    title: "WhiteNoise is among the apps but not in MIDDLEWARE",
    why: "Without its middleware it serves nothing in production.",
    fix: `Put "${WHITENOISE}" directly after SecurityMiddleware.`,
    docs: "howto/static-files/deployment/",
    when: (j) => and(hasApp(j, "whitenoise.runserver_nostatic"), not(hasMiddleware(j, WHITENOISE))),
  }),
  ...["WHITENOISE_USE_FINDERS", "WHITENOISE_AUTOREFRESH"].map((name) =>
    rule({
      id: `djdeploy.${name.toLowerCase().replace(/_/g, "-")}`,
      level: "warning" as const,
      setting: name,
      title: `${name} is on`,
      why: "It is meant for development: slow, and it serves files that were never collected.",
      fix: `Remove ${name}.`,
      docs: "https://whitenoise.readthedocs.io/en/stable/django.html",
      when: (j: Judge) => and(isSet(j, name), isTruthy(j, name)),
    }),
  ),
  {
    id: "staticfiles.E002",
    level: "error",
    title: "STATICFILES_DIRS holds STATIC_ROOT",
    why: "Files would be collected into the folder they are collected from.",
    fix: "Remove STATIC_ROOT from STATICFILES_DIRS.",
    docs: "ref/settings/#staticfiles-dirs",
    check: (j) =>
      elements(j, setting(j, "STATICFILES_DIRS")).map(({ item, when }) => ({
        when: and(
          when,
          and(
            isTruthy(j, "STATIC_ROOT"),
            equal(j.m, textOfPath(item), textOfPath(setting(j, "STATIC_ROOT"))),
          ),
        ),
        setting: "STATICFILES_DIRS",
        message: "STATICFILES_DIRS holds STATIC_ROOT",
      })),
  },
];

/** Paths and texts of paths are compared as texts. */
function textOfPath(v: Value): Value {
  return v.t === "path" ? { t: "str", v: v.v } : v;
}

/** Applications that store files without a field in the project's own models. */
const STORING =
  /wagtail|filer|(^|\.)cms|oscar|photologue|ckeditor|summernote|tinymce|avatar|thumbnail|imagekit|attachments/i;

/** The project's own models have no field for a file, and it names no storage: there are no uploads that could be lost. */
function storesNothing(j: Judge): boolean {
  const code = j.input.files.list().filter((path) => path.endsWith(".py"));
  if (!code.some((path) => /(^|\/)models(\.py|\/[^/]+\.py)$/.test(path))) return false;
  const apps = elements(j, setting(j, "INSTALLED_APPS"));
  if (apps.some(({ item }) => item.t !== "str" || STORING.test(item.v))) return false;
  return !code.some((path) =>
    /(File|Image)Field\b|default_storage|storages\[/.test(j.input.files.read(path) ?? ""),
  );
}
