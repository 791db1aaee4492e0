import { and, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE } from "../../python/logic/values.ts";
import { elements, hasApp, isSet, isTruthy, type Judge, setting, within } from "../judge.ts";
import { eachOf, isInside, isMissing, textHolds } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { rule, settingDocs } from "../simple.ts";

const backend = (j: Judge, cache: Value, test: (b: string) => boolean): Value =>
  textHolds(j, within(j, cache, "BACKEND"), test, "is such a cache");
const inFiles = (j: Judge, cache: Value): Value => backend(j, cache, (b) => b.includes("filebased"));
/** The default cache is one that each process has for itself, or none at all. */
const perProcess = (j: Judge): Value =>
  backend(j, within(j, setting(j, "CACHES"), "default"), (b) => /\.(locmem|dummy)\./.test(b));

/** Family P: caches. */
export const cacheRules: Rule[] = [
  rule({
    id: "caches.E001",
    level: "error",
    setting: "CACHES",
    title: "CACHES has no default",
    why: "Django refuses to start its checks, and everything that caches fails.",
    fix: 'Add a "default" entry.',
    when: (j) => and(isSet(j, "CACHES"), isMissing(j, within(j, setting(j, "CACHES"), "default"))),
  }),
  {
    id: "caches.W002",
    level: "warning",
    from: [3, 2],
    title: "A file cache lies among files that are served",
    why: "Visitors can fetch what was cached, and whoever can upload can have it unpickled.",
    fix: "Give LOCATION a folder of its own, outside MEDIA_ROOT and STATIC_ROOT.",
    docs: "topics/cache/#filesystem-caching",
    check: exposed,
  },
  {
    id: "caches.W003",
    level: "warning",
    title: "A file cache with a relative path",
    why: "Where it lies depends on the folder the server was started from.",
    fix: "Give LOCATION an absolute path.",
    docs: settingDocs("CACHES"),
    check: (j) =>
      eachOf(j, "CACHES", (cache) =>
        and(
          inFiles(j, cache),
          textHolds(j, within(j, cache, "LOCATION"), (l) => !l.startsWith("/"), "is relative"),
        ),
      ).map(({ key, when }) => ({
        when,
        setting: "CACHES",
        message: `the file cache "${key}" has a relative path`,
      })),
  },
  rule({
    id: "djdeploy.session-in-process-cache",
    level: "warning",
    setting: "SESSION_ENGINE",
    title: "Sessions in a cache that each worker has for itself",
    why: "A visitor who meets another worker is logged out.",
    fix: "Use a shared cache (Redis, Memcached, database) or sessions in the database.",
    when: (j) =>
      and(
        textHolds(
          j,
          setting(j, "SESSION_ENGINE"),
          (e) => e === "django.contrib.sessions.backends.cache",
          "is cached",
        ),
        perProcess(j),
      ),
  }),
  rule({
    id: "djdeploy.throttle-in-process-cache",
    level: "warning",
    setting: "CACHES",
    title: "Limits are counted by each worker for itself",
    why: "With four workers four times as many attempts go through, and every restart begins anew.",
    fix: "Use a shared cache (Redis, Memcached, database) as the default.",
    when: (j) => {
      const throttles = within(j, setting(j, "REST_FRAMEWORK"), "DEFAULT_THROTTLE_CLASSES");
      const rest = and(hasApp(j, "rest_framework"), truthyList(j, throttles));
      const axes = and(
        hasApp(j, "axes"),
        textHolds(j, setting(j, "AXES_HANDLER"), (h) => h.endsWith("AxesCacheHandler"), "is the cache"),
      );
      const limits = or(or(rest, axes), or(hasApp(j, "django_ratelimit"), hasApp(j, "ratelimit")));
      return and(limits, perProcess(j));
    },
  }),
];

function truthyList(j: Judge, v: Value): Value {
  let any: Value = FALSE;
  for (const { when } of elements(j, v)) any = or(any, when);
  return any;
}

/** As Django's check compares them: the same folder, one within the other, either way round. */
function exposed(j: Judge): Check[] {
  const served = ["MEDIA_ROOT", "STATIC_ROOT", "STATICFILES_DIRS"];
  return served.flatMap((name) => {
    const value = setting(j, name);
    const folders =
      name === "STATICFILES_DIRS" ? elements(j, value) : [{ item: value, when: isTruthy(j, name) }];
    return folders.flatMap(({ item, when }) => {
      if (item.t !== "str" && item.t !== "path") return [];
      const near = (l: string): boolean => l.startsWith("/") && (isInside(l, item.v) || isInside(item.v, l));
      return eachOf(j, "CACHES", (cache) =>
        and(and(when, inFiles(j, cache)), textHolds(j, within(j, cache, "LOCATION"), near, "is served")),
      ).map((found) => ({
        when: found.when,
        setting: "CACHES",
        message: `the file cache "${found.key}" lies in, around or at ${name}`,
      }));
    });
  });
}
