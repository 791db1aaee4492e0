import { and, not, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE } from "../../python/logic/values.ts";
import { callsOf } from "../code.ts";
import { elements, holds, isTruthy, type Judge, setting, within } from "../judge.ts";
import { belowTop, entries, isInside, isMissing, named, textHolds } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { rule, settingDocs } from "../simple.ts";
import { tracker } from "./error-tracking.ts";

const logging = (j: Judge, ...path: string[]): Value => within(j, setting(j, "LOGGING"), ...path);
const handlers = (j: Judge): ReturnType<typeof entries> => entries(j, logging(j, "handlers"));
const classIs = (j: Judge, handler: Value, test: (name: string) => boolean): Value =>
  textHolds(j, within(j, handler, "class"), test, "is such a handler");
const inFile = (j: Judge, handler: Value): Value => classIs(j, handler, (c) => /FileHandler$/.test(c));

/** Family L: logging. */
export const loggingRules: Rule[] = [
  rule({
    id: "djdeploy.logging-unset",
    level: "warning",
    setting: "LOGGING",
    title: "Errors are written to no log",
    why: "With DEBUG off, Django's own logging sends errors to ADMINS by mail and nowhere else: the log has no traceback.",
    fix: 'LOGGING = {"version": 1, "disable_existing_loggers": False, "handlers": {"console": {"class": "logging.StreamHandler"}}, "root": {"handlers": ["console"], "level": "INFO"}}.',
    docs: "topics/logging/",
    when: (j) => (ownSetup(j) || tracker(j) ? FALSE : not(isTruthy(j, "LOGGING"))),
    hint: "set LOGGING with a console handler: djdeploy explain djdeploy.logging-unset shows four lines that do",
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
          logging(j, "disable_existing_loggers"),
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
    check: unknownHandlers,
  },
  {
    id: "djdeploy.log-file-relative",
    level: "warning",
    title: "A log file has a relative path",
    why: "Where it lies depends on the folder the server was started from.",
    fix: "Write to the console (the service's log keeps it), or give an absolute path.",
    docs: settingDocs("LOGGING"),
    check: (j) =>
      handlers(j).map(({ key, value, when }) => ({
        when: and(
          and(when, inFile(j, value)),
          textHolds(j, within(j, value, "filename"), (f) => f !== "" && !f.startsWith("/"), "is relative"),
        ),
        setting: "LOGGING",
        message: `the log file of the handler "${key}" has a relative path`,
      })),
  },
  {
    id: "djdeploy.log-file-in-release",
    level: "warning",
    title: "A log file lies in the release",
    why: "The release is read-only while it runs, and another one follows: the settings do not load, or the log is lost.",
    fix: 'Write to the console, or name the folder in djdeploy.yml: shared: ["logs/"].',
    docs: settingDocs("LOGGING"),
    check: (j) => inRelease(j),
  },
  {
    id: "djdeploy.log-file-rotation",
    level: "warning",
    title: "Several workers rotate one log file",
    why: "Each renames the file under the others' feet: lines are lost or written into the old file.",
    fix: "Write to the console, or use WatchedFileHandler and logrotate.",
    docs: settingDocs("LOGGING"),
    check: (j) =>
      handlers(j).map(({ key, value, when }) => ({
        when: and(
          when,
          classIs(j, value, (c) => /^logging\.handlers\.(Timed)?RotatingFileHandler$/.test(c)),
        ),
        setting: "LOGGING",
        message: `the handler "${key}" rotates its file from every worker at once`,
      })),
  },
  {
    id: "djdeploy.logging-debug-level",
    level: "warning",
    title: "Everything is logged",
    why: "DEBUG on the root logger or on django.db.backends writes every query, with its values, into the log.",
    fix: 'Use "INFO" or "WARNING".',
    docs: settingDocs("LOGGING"),
    check: (j) =>
      [["root"], ["loggers", ""], ["loggers", "django.db.backends"], ["loggers", "django"]].map((path) => ({
        when: textHolds(j, logging(j, ...path, "level"), (l) => l === "DEBUG", "is DEBUG"),
        setting: "LOGGING",
        message: `LOGGING: ${path.at(-1) || "root"} has the level DEBUG`,
      })),
  },
  {
    id: "djdeploy.mail-admins-nobody",
    level: "warning",
    title: "Errors are mailed to nobody",
    why: "LOGGING sends errors to ADMINS, and ADMINS is empty.",
    fix: "Set ADMINS (and SERVER_EMAIL), or remove the handler.",
    docs: settingDocs("ADMINS"),
    check: (j) =>
      handlers(j).map(({ key, value, when }) => ({
        when: and(
          and(when, used(j, key)),
          and(
            classIs(j, value, (c) => c.endsWith(".AdminEmailHandler")),
            not(isTruthy(j, "ADMINS")),
          ),
        ),
        setting: "LOGGING",
        message: `the handler "${key}" mails errors to ADMINS, and ADMINS is empty`,
      })),
  },
  rule({
    id: "djdeploy.logging-config-none",
    level: "info",
    setting: "LOGGING_CONFIG",
    title: "Logging is set up by nobody",
    why: "LOGGING_CONFIG = None keeps Django from reading LOGGING, and the settings set up nothing themselves.",
    fix: "Call logging.config.dictConfig(LOGGING) yourself, or remove LOGGING_CONFIG.",
    docs: settingDocs("LOGGING_CONFIG"),
    when: (j) =>
      ownSetup(j)
        ? FALSE
        : and(
            isTruthy(j, "LOGGING"),
            holds(j, setting(j, "LOGGING_CONFIG"), (o) => o.t === "none", "is None"),
          ),
  }),
  rule({
    id: "djdeploy.logging-no-console",
    level: "info",
    setting: "LOGGING",
    title: "Nothing is written to the console",
    why: "The service's own log (djdeploy logs, journalctl) then shows nothing of what happens.",
    fix: 'Add a handler with the class "logging.StreamHandler" to the root logger.',
    when: (j) => {
      const all = handlers(j);
      let away: Value = all.length > 0 ? isTruthy(j, "LOGGING") : FALSE;
      for (const { value, when } of all)
        away = and(
          away,
          or(
            not(when),
            classIs(j, value, (c) => /(File|Email|SysLog|Null)Handler$/.test(c)),
          ),
        );
      return away;
    },
  }),
];

/** The settings, not Django, set up logging. */
const ownSetup = (j: Judge): boolean => callsOf(j, /(^|\.)(dictConfig|fileConfig|basicConfig)$/).length > 0;

function loggers(j: Judge): string[][] {
  return [["root"], ...entries(j, logging(j, "loggers")).map(({ key }) => ["loggers", key])];
}

function unknownHandlers(j: Judge): Check[] {
  return loggers(j).flatMap((path) =>
    elements(j, logging(j, ...path, "handlers")).flatMap(({ item, when }) => {
      if (item.t !== "str") return [];
      return [
        {
          when: and(when, isMissing(j, logging(j, "handlers", item.v))),
          setting: "LOGGING",
          message: `LOGGING: ${path.join(".")} names ${named(j, "handler", item, when)}, which is not defined`,
        },
      ];
    }),
  );
}

/** Does a logger write to the handler? */
function used(j: Judge, handler: string): Value {
  let any: Value = FALSE;
  for (const path of loggers(j))
    for (const { item, when } of elements(j, logging(j, ...path, "handlers")))
      if (item.t === "str" && item.v === handler) any = or(any, when);
  return any;
}

function inRelease(j: Judge): Check[] {
  const shared = (j.input.deployment?.shared ?? []).map((p) => p.replace(/\/+$/, ""));
  return handlers(j).map(({ key, value, when }) => ({
    when: and(
      and(when, inFile(j, value)),
      textHolds(
        j,
        within(j, value, "filename"),
        (f) => {
          const path = belowTop(f);
          return path !== null && !shared.some((s) => isInside(path, s));
        },
        "lies in the release",
      ),
    ),
    setting: "LOGGING",
    message: `the log file of the handler "${key}" lies in the release, which is read-only while it runs`,
  }));
}
