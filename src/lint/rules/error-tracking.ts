import { not, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE } from "../../python/logic/values.ts";
import { argument, type Call, callsOf, isGiven, placeOfCode, plainValue, reached } from "../code.ts";
import { hasApp, isTruthy, type Judge } from "../judge.ts";
import { given } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { rule } from "../simple.ts";

const SENTRY = "https://docs.sentry.io/platforms/python/configuration/options/";
const sentry = (j: Judge): Call[] => callsOf(j, /(^|\.)sentry_sdk\.init$/);

/** An error tracker is set up, as far as the settings show. */
export function tracker(j: Judge): boolean {
  return j.evaluation.notes.some((n) =>
    /sentry_sdk|rollbar|bugsnag|honeybadger|raven|elasticapm|newrelic|opbeat|airbrake|appsignal|scout_apm|ddtrace/.test(
      n.what,
    ),
  );
}

/** Checks about every call of sentry_sdk.init that is made. */
function ofSentry(j: Judge, message: string, test: (call: Call) => boolean): Check[] {
  return sentry(j)
    .filter(test)
    .map((call) => ({ when: reached(j, call), message, place: placeOfCode(call) }));
}

const isSetOutside = (j: Judge, name: string): boolean =>
  name in (j.input.environment ?? {}) || (j.input.provided ?? []).includes(name);

/** Family R: who learns of errors. */
export const errorTrackingRules: Rule[] = [
  rule({
    id: "djdeploy.error-reports-nowhere",
    level: "info",
    setting: "ADMINS",
    title: "Nobody is told about errors",
    why: "With DEBUG off, whoever does not read the log learns of an exception from a visitor.",
    fix: "Set ADMINS and a mail server, or use an error tracker such as Sentry.",
    partOf: ["djdeploy.logging-unset", "djdeploy.mail-admins-nobody"],
    when: (j) => (tracker(j) ? FALSE : not(isTruthy(j, "ADMINS"))),
  }),
  rule({
    id: "djdeploy.raven",
    level: "warning",
    setting: "INSTALLED_APPS",
    title: "raven is dead",
    why: "The old Sentry client gets no fixes and does not know current Django.",
    fix: "Use sentry-sdk.",
    docs: "https://docs.sentry.io/platforms/python/integrations/django/",
    when: (j) => or(hasApp(j, "raven.contrib.django.raven_compat"), hasApp(j, "raven.contrib.django.celery")),
  }),
  {
    id: "djdeploy.sentry-environment",
    level: "info",
    title: "Sentry is not told which environment it is",
    why: "Errors of staging and production end up in one list, and every one counts as production's.",
    fix: "Pass environment=… to sentry_sdk.init, or set SENTRY_ENVIRONMENT.",
    docs: SENTRY,
    check: (j) =>
      isSetOutside(j, "SENTRY_ENVIRONMENT")
        ? []
        : ofSentry(j, "sentry_sdk.init() names no environment", (call) => !isGiven(call, "environment")),
  },
  {
    id: "djdeploy.sentry-dsn-literal",
    level: "info",
    title: "Sentry's address stands in the repository",
    why: "A copy of the project that anyone starts reports its errors as yours.",
    fix: "Read the DSN from the environment.",
    docs: SENTRY,
    check: (j) =>
      ofSentry(j, "the DSN of sentry_sdk.init() is written in the repository", (call) => {
        const dsn = argument(j, call, "dsn") ?? (call.args[0] ? plainValue(j, call.args[0]) : null);
        return dsn?.t === "str" && /^https?:\/\//.test(dsn.v) && !given(j, dsn);
      }),
  },
  {
    id: "djdeploy.sentry-personal-data",
    level: "info",
    title: "Sentry is sent personal data",
    why: "send_default_pii passes on addresses, cookies and who is logged in.",
    fix: "Leave send_default_pii off, unless your visitors were told.",
    docs: SENTRY,
    check: (j) =>
      ofSentry(j, "send_default_pii is on", (call) => isTrue(argument(j, call, "send_default_pii"))),
  },
  {
    id: "djdeploy.sentry-traces-everything",
    level: "info",
    title: "Sentry traces every request",
    why: "traces_sample_rate 1.0 costs time on every request, and the month's quota within days.",
    fix: "Trace a part, for instance 0.1.",
    docs: SENTRY,
    check: (j) =>
      ofSentry(j, "traces_sample_rate is 1.0: every request is traced", (call) => {
        const rate = argument(j, call, "traces_sample_rate");
        return rate?.t === "num" && rate.v >= 1;
      }),
  },
];

const isTrue = (v: Value | null): boolean => v?.t === "bool" && v.v;
