import { and, not, or } from "../../python/decide.ts";
import type { Place, Value } from "../../python/values.ts";
import { FALSE } from "../../python/values.ts";
import { certainItems, hasApp, holds, isTruthy, type Judge, setting, within } from "../judge.ts";
import { isMissing, someText } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { rule } from "../simple.ts";

/** Apps that slow down or stop whoever tries passwords, or ask for a second factor. */
const GUARDS = [
  "axes",
  "defender",
  "django_otp",
  "two_factor",
  "otp_yubikey",
  "allauth.mfa",
  "mfa",
  "kagi",
  "trench",
  "admin_honeypot",
  "django_ratelimit",
  "ratelimit",
  "mozilla_django_oidc",
  "django_auth_adfs",
  "djangosaml2",
  "cas",
  "django_cas_ng",
];

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
    id: "djdeploy.admin-unguarded",
    level: "info",
    title: "The admin stands at /admin/ without a second guard",
    why: "Robots try passwords there all day; Django itself does not slow them down.",
    fix: "Add django-axes or a second factor (django-otp, allauth.mfa), or let the web server restrict the path.",
    docs: "topics/security/#additional-security-topics",
    check: adminPath,
  },
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

/** `path("admin/", admin.site.urls)` in the URL configuration, and no app that guards a log-in. */
function adminPath(j: Judge): Check[] {
  const urls = setting(j, "ROOT_URLCONF");
  const root = (j.input.root ?? ".").replace(/^\.?\/?/, "");
  const file =
    urls.t === "str" ? [root, `${urls.v.replaceAll(".", "/")}.py`].filter(Boolean).join("/") : null;
  const text = file === null ? null : j.input.files.read(file);
  if (file === null || text === null || !/admin\.site\.urls/.test(text)) return [];
  const lines = text.split(/\r?\n/);
  const line = lines.findIndex((l) =>
    /^[^#]*\b(?:path|re_path|url)\(\s*r?["']\^?admin\/["'].*admin\.site\.urls/.test(l),
  );
  if (line < 0) return [];
  let guarded: Value = FALSE;
  for (const app of GUARDS)
    guarded = or(
      guarded,
      someText(j, setting(j, "INSTALLED_APPS"), (name) => name === app || name.startsWith(`${app}.`)),
    );
  const place: Place = { t: "place", file, line: line + 1, column: 1 };
  return [
    {
      when: and(hasApp(j, "django.contrib.admin"), not(guarded)),
      message: "the admin stands at /admin/, and nothing slows down who tries passwords",
      place,
    },
  ];
}
