import { and, not } from "../../python/decide.ts";
import type { Value } from "../../python/values.ts";
import { FALSE } from "../../python/values.ts";
import { elements, hasApp, holds, isSet, isTruthy, type Judge, setting, within } from "../judge.ts";
import type { Check, Rule } from "../rule.ts";
import { rule } from "../simple.ts";

const DEVELOPMENT_MAIL = /^django\.core\.mail\.backends\.(console|dummy|filebased|locmem)\./;

/** Families P, L, A: cache, logging, mail. */
export const serviceRules: Rule[] = [
  rule({
    id: "caches.E001",
    level: "error",
    setting: "CACHES",
    title: "CACHES has no default",
    why: "Django refuses to start its checks, and everything that caches fails.",
    fix: 'Add a "default" entry.',
    when: (j) =>
      and(
        isSet(j, "CACHES"),
        holds(j, within(j, setting(j, "CACHES"), "default"), (o) => o.t === "missing", "is missing"),
      ),
  }),
  rule({
    id: "caches.W003",
    level: "warning",
    setting: "CACHES",
    title: "A file cache with a relative path",
    why: "Where it lies depends on the folder the server was started from.",
    fix: "Give LOCATION an absolute path.",
    when: (j) =>
      and(
        holds(
          j,
          within(j, setting(j, "CACHES"), "default", "BACKEND"),
          (o) => o.t === "str" && o.v.includes("filebased"),
          "is a file cache",
        ),
        holds(
          j,
          within(j, setting(j, "CACHES"), "default", "LOCATION"),
          (o) => o.t === "str" && !o.v.startsWith("/"),
          "is relative",
        ),
      ),
  }),
  rule({
    id: "djdeploy.session-in-process-cache",
    level: "warning",
    setting: "SESSION_ENGINE",
    title: "Sessions in a cache that each worker has for itself",
    why: "A visitor who meets another worker is logged out.",
    fix: "Use a shared cache (Redis, Memcached, database) or sessions in the database.",
    when: (j) =>
      and(
        holds(
          j,
          setting(j, "SESSION_ENGINE"),
          (o) => o.t === "str" && o.v === "django.contrib.sessions.backends.cache",
          "is in the cache",
        ),
        holds(
          j,
          within(j, setting(j, "CACHES"), "default", "BACKEND"),
          (o) => o.t === "str" && /locmem|dummy/.test(o.v),
          "is per process",
        ),
      ),
  }),
  rule({
    id: "djdeploy.mail-backend",
    level: "warning",
    setting: "EMAIL_BACKEND",
    title: "Mails are not sent",
    why: "The console, dummy, file and memory backends are for development: password resets and error mails go nowhere.",
    fix: "Use django.core.mail.backends.smtp.EmailBackend or your provider's.",
    when: (j) =>
      holds(
        j,
        setting(j, "EMAIL_BACKEND"),
        (o) => o.t === "str" && DEVELOPMENT_MAIL.test(o.v),
        "is for development",
      ),
  }),
  rule({
    id: "djdeploy.mail-password-literal",
    level: "error",
    setting: "EMAIL_HOST_PASSWORD",
    title: "The mail password stands in the repository",
    why: "Everyone who can read the repository can send mails in your name.",
    fix: "Read it from the environment.",
    when: (j) => literal(j, "EMAIL_HOST_PASSWORD"),
  }),
  rule({
    id: "djdeploy.mail-no-tls",
    level: "warning",
    setting: "EMAIL_USE_TLS",
    title: "Mail credentials without TLS",
    why: "User name and password cross the network in the clear.",
    fix: "Set EMAIL_USE_TLS = True (port 587) or EMAIL_USE_SSL = True (port 465).",
    when: (j) =>
      and(
        and(
          isTruthy(j, "EMAIL_HOST_PASSWORD"),
          holds(
            j,
            setting(j, "EMAIL_HOST"),
            (o) => o.t === "str" && !/^(localhost|127\.0\.0\.1|)$/.test(o.v),
            "is remote",
          ),
        ),
        and(not(isTruthy(j, "EMAIL_USE_TLS")), not(isTruthy(j, "EMAIL_USE_SSL"))),
      ),
  }),
  rule({
    id: "djdeploy.logging-disables-loggers",
    level: "warning",
    setting: "LOGGING",
    title: "LOGGING turns existing loggers off",
    why: "disable_existing_loggers is True (its default): what was set up before, Django's own loggers included, falls silent.",
    fix: 'Set "disable_existing_loggers": False.',
    when: (j) =>
      and(
        isTruthy(j, "LOGGING"),
        holds(
          j,
          within(j, setting(j, "LOGGING"), "disable_existing_loggers"),
          (o) => o.t === "missing" || (o.t === "bool" && o.v),
          "is on",
        ),
      ),
  }),
  {
    id: "djdeploy.logging-unknown-handler",
    level: "error",
    title: "A logger names a handler that is not defined",
    why: "Django cannot set up logging and does not start.",
    fix: "Define the handler, or correct its name.",
    docs: "topics/logging/",
    check: (j) => unknownHandlers(j),
  },
  rule({
    id: "djdeploy.error-reports-nowhere",
    level: "info",
    setting: "ADMINS",
    title: "Nobody is told about errors",
    why: "With DEBUG off, an exception is written to the log only.",
    fix: "Set ADMINS and a mail server, or use an error tracker such as Sentry.",
    when: (j) => {
      const tracked = j.evaluation.notes.some((n) =>
        /sentry_sdk|rollbar|bugsnag|honeybadger|raven/.test(n.what),
      );
      return tracked ? FALSE : not(isTruthy(j, "ADMINS"));
    },
  }),
  rule({
    id: "djdeploy.raven",
    level: "warning",
    setting: "INSTALLED_APPS",
    title: "raven is dead",
    why: "The old Sentry client gets no fixes and does not know current Django.",
    fix: "Use sentry-sdk.",
    docs: "https://docs.sentry.io/platforms/python/integrations/django/",
    when: (j) => hasApp(j, "raven.contrib.django.raven_compat"),
  }),
];

/** A text of the repository itself: the same in every world, and not one that this run was given. */
export function literal(j: Judge, name: string): Value {
  const v = setting(j, name);
  if (v.t !== "str" || Object.values(j.input.environment ?? {}).includes(v.v)) return FALSE;
  return holds(j, v, (o) => o.t === "str" && o.v !== "", "is a literal");
}

function unknownHandlers(j: Judge): Check[] {
  const logging = setting(j, "LOGGING");
  const loggers = within(j, logging, "loggers");
  const names = loggers.t === "dict" ? [...loggers.scope.slots.keys()] : [];
  const checks: Check[] = [];
  for (const path of [["root"], ...names.map((n) => ["loggers", n])])
    for (const { item, when } of elements(j, within(j, logging, ...path, "handlers"))) {
      if (item.t !== "str") continue;
      const found = within(j, logging, "handlers", item.v);
      checks.push({
        when: and(
          when,
          holds(j, found, (o) => o.t === "missing", "is missing"),
        ),
        setting: "LOGGING",
        message: `LOGGING: ${path.join(".")} names the handler '${item.v}', which is not defined`,
      });
    }
  return checks;
}
