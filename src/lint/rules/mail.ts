import { and, not } from "../../python/logic/decide.ts";
import { FALSE, TRUE } from "../../python/logic/values.ts";
import { isSet, isTruthy, type Judge, setting, within } from "../judge.ts";
import { isPlaceholder } from "../placeholders.ts";
import { isLiteral, isMissing, textHolds } from "../questions.ts";
import type { Rule } from "../rule.ts";
import { rule, settingDocs } from "../simple.ts";

const DEVELOPMENT_MAIL = /^django\.core\.mail\.backends\.(console|dummy|filebased|locmem)\./;
const OWN_HOST = /^(localhost|127\.0\.0\.1|::1|)$/;
const OLD_NAMES =
  "EMAIL_BACKEND EMAIL_HOST EMAIL_PORT EMAIL_HOST_USER EMAIL_HOST_PASSWORD EMAIL_USE_TLS EMAIL_USE_SSL EMAIL_TIMEOUT EMAIL_FILE_PATH EMAIL_SSL_CERTFILE EMAIL_SSL_KEYFILE".split(
    " ",
  );
const smtp = (j: Judge) =>
  textHolds(
    j,
    setting(j, "EMAIL_BACKEND"),
    (b) => b === "django.core.mail.backends.smtp.EmailBackend",
    "is SMTP",
  );

/** Who sets one of these sends mail; of others the default says nothing. */
const MAIL = [
  "EMAIL_HOST",
  "EMAIL_PORT",
  "EMAIL_HOST_USER",
  "EMAIL_USE_TLS",
  "DEFAULT_FROM_EMAIL",
  "SERVER_EMAIL",
  "ADMINS",
];

/** Family A: mail. */
export const mailRules: Rule[] = [
  rule({
    id: "mail.E001",
    level: "error",
    from: [6, 1],
    setting: "MAILERS",
    title: "Mails are not sent",
    why: "The console, dummy, file and memory backends are for development: password resets and error mails go nowhere.",
    fix: "Give MAILERS['default'] the backend django.core.mail.backends.smtp.EmailBackend or your provider's.",
    when: (j) =>
      and(
        isSet(j, "MAILERS"),
        textHolds(
          j,
          within(j, setting(j, "MAILERS"), "default", "BACKEND"),
          (b) => DEVELOPMENT_MAIL.test(b),
          "is for development",
        ),
      ),
  }),
  rule({
    id: "mail.W001",
    level: "warning",
    from: [6, 1],
    setting: "MAILERS",
    title: "MAILERS has no default",
    why: "Mails that name no mailer, Django's own among them, fail.",
    fix: 'Add a "default" entry.',
    when: (j) => and(isSet(j, "MAILERS"), isMissing(j, within(j, setting(j, "MAILERS"), "default"))),
  }),
  {
    id: "djdeploy.mail-settings-clash",
    level: "error",
    from: [6, 1],
    title: "MAILERS together with the settings it replaces",
    why: "Django refuses to start with both.",
    fix: "Move the EMAIL_… settings into MAILERS.",
    docs: settingDocs("MAILERS"),
    check: (j) =>
      OLD_NAMES.map((name) => ({
        when: and(isSet(j, "MAILERS"), isSet(j, name)),
        setting: name,
        message: `MAILERS and ${name} are both set: Django does not start`,
      })),
  },
  rule({
    id: "djdeploy.mail-backend",
    level: "warning",
    setting: "EMAIL_BACKEND",
    title: "Mails are not sent",
    why: "The console, dummy, file and memory backends are for development: password resets and error mails go nowhere.",
    fix: "Use django.core.mail.backends.smtp.EmailBackend or your provider's.",
    when: (j) =>
      textHolds(j, setting(j, "EMAIL_BACKEND"), (b) => DEVELOPMENT_MAIL.test(b), "is for development"),
  }),
  rule({
    id: "djdeploy.mail-local-host",
    level: "info",
    setting: "EMAIL_HOST",
    title: "Mails go to a server on the host itself",
    why: "EMAIL_HOST is localhost, its default: without a mail server there, password resets and error mails fail.",
    fix: "Name a mail server in EMAIL_HOST, or install one on the host.",
    when: (j) =>
      isSetAtAll(j, "MAILERS") || !MAIL.some((name) => isSetAtAll(j, name))
        ? FALSE
        : and(
            smtp(j),
            textHolds(j, setting(j, "EMAIL_HOST"), (h) => OWN_HOST.test(h), "is the host itself"),
          ),
  }),
  rule({
    id: "djdeploy.mail-password-literal",
    level: "error",
    setting: "EMAIL_HOST_PASSWORD",
    title: "The mail password stands in the repository",
    why: "Everyone who can read the repository can send mails in your name.",
    fix: "Read it from the environment.",
    when: (j) => {
      const v = setting(j, "EMAIL_HOST_PASSWORD");
      return isLiteral(j, v) && !(v.t === "str" && isPlaceholder(v.v)) ? TRUE : FALSE;
    },
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
          textHolds(j, setting(j, "EMAIL_HOST"), (h) => !OWN_HOST.test(h), "is remote"),
        ),
        and(not(isTruthy(j, "EMAIL_USE_TLS")), not(isTruthy(j, "EMAIL_USE_SSL"))),
      ),
  }),
];

const isSetAtAll = (j: Judge, name: string): boolean => j.evaluation.settings.has(name);
