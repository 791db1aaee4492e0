import { and, not, or } from "../../python/logic/decide.ts";
import { certainItems, hasApp, holds, isTruthy, setting, within } from "../judge.ts";
import { isMissing, someText } from "../questions.ts";
import type { Rule } from "../rule.ts";
import { rule } from "../simple.ts";

/** Family X, who gets in: passwords, the admin, an API. */
export const accountRules: Rule[] = [
  rule({
    id: "djdeploy.password-validators",
    level: "warning",
    setting: "AUTH_PASSWORD_VALIDATORS",
    title: "No password validators",
    why: "Users may then choose '123' as a password.",
    fix: "Use the four validators that a new project has.",
    when: (j) => and(hasApp(j, "django.contrib.auth"), not(isTruthy(j, "AUTH_PASSWORD_VALIDATORS"))),
  }),
  rule({
    id: "djdeploy.password-hasher",
    level: "error",
    setting: "PASSWORD_HASHERS",
    title: "Passwords are hashed weakly",
    why: "MD5 and unsalted hashes are for tests: a stolen table is read within hours.",
    fix: "Remove PASSWORD_HASHERS, or put PBKDF2, Argon2 or scrypt first.",
    when: (j) =>
      holds(
        j,
        setting(j, "PASSWORD_HASHERS"),
        (o) => {
          const first = certainItems(o)?.[0];
          return (
            first?.t === "str" &&
            /(MD5|Unsalted|SHA1|Crypt)PasswordHasher$/.test(first.v) &&
            !/BCrypt/.test(first.v)
          );
        },
        "is weak",
      ),
  }),
  {
    id: "djdeploy.api-open",
    level: "info",
    title: "The API lets everybody in by default",
    why: "Views of Django REST framework that name no permission are open, and none is slowed down.",
    fix: "Set DEFAULT_PERMISSION_CLASSES and DEFAULT_THROTTLE_CLASSES in REST_FRAMEWORK.",
    docs: "https://www.django-rest-framework.org/api-guide/permissions/",
    check: (j) => {
      const framework = setting(j, "REST_FRAMEWORK");
      const permissions = within(j, framework, "DEFAULT_PERMISSION_CLASSES");
      const open = or(
        isMissing(j, permissions),
        someText(j, permissions, (p) => p.endsWith(".AllowAny")),
      );
      const throttles = within(j, framework, "DEFAULT_THROTTLE_CLASSES");
      const free = holds(
        j,
        throttles,
        (o) => o.t === "missing" || certainItems(o)?.length === 0,
        "slows nobody down",
      );
      return [
        {
          when: and(and(hasApp(j, "rest_framework"), open), free),
          setting: "REST_FRAMEWORK",
          message: "REST_FRAMEWORK allows everybody by default, and slows nobody down",
        },
      ];
    },
  },
];
