import { and, not } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE } from "../../python/logic/values.ts";
import {
  elements,
  hasApp,
  hasMiddleware,
  holds,
  isExactlyTrue,
  isTruthy,
  type Judge,
  setting,
  since,
} from "../judge.ts";
import { named, textHolds } from "../questions.ts";
import type { Rule } from "../rule.ts";
import { rule, settingDocs } from "../simple.ts";

export const CSRF = "django.middleware.csrf.CsrfViewMiddleware";
const sessionApp = (j: Judge): Value => hasApp(j, "django.contrib.sessions");
const sessionMiddleware = (j: Judge): Value =>
  hasMiddleware(j, "django.contrib.sessions.middleware.SessionMiddleware");

/** The three ids that Django gives one question about the session cookie, by what is installed. */
function sessionRules(
  name: string,
  ids: [string, string, string],
  title: string,
  why: string,
  https: boolean,
): Rule[] {
  const off = (j: Judge): Value => not(isExactlyTrue(j, name));
  const cases: [string, (j: Judge) => Value][] = [
    [ids[0], (j) => and(sessionApp(j), not(sessionMiddleware(j)))],
    [ids[1], (j) => and(sessionMiddleware(j), not(sessionApp(j)))],
    [ids[2], (j) => and(sessionApp(j), sessionMiddleware(j))],
  ];
  return cases.map(([id, installed]) => ({
    id,
    level: "warning",
    https,
    title,
    why,
    fix: `Set ${name} = True.`,
    docs: `ref/settings/#${name.toLowerCase().replace(/_/g, "-")}`,
    check: (j) => [
      {
        when: and(installed(j), off(j)),
        setting: name,
        message: `${name} is not True`,
        hint: `${name} = True`,
      },
    ],
  }));
}

/** Family C: cookies and CSRF. */
export const cookieRules: Rule[] = [
  ...sessionRules(
    "SESSION_COOKIE_SECURE",
    ["security.W010", "security.W011", "security.W012"],
    "The session cookie is sent over plain HTTP",
    "Anyone on the way can take over the session.",
    true,
  ),
  ...sessionRules(
    "SESSION_COOKIE_HTTPONLY",
    ["security.W013", "security.W014", "security.W015"],
    "Scripts can read the session cookie",
    "A cross-site scripting hole then gives the session away.",
    false,
  ),
  rule({
    id: "security.W003",
    level: "warning",
    title: "CsrfViewMiddleware is missing",
    why: "Other sites can then send forms in the name of your visitors.",
    fix: `Add "${CSRF}" to MIDDLEWARE.`,
    docs: "ref/csrf/",
    setting: "MIDDLEWARE",
    message: "CsrfViewMiddleware is not in MIDDLEWARE",
    hint: `add "${CSRF}"`,
    when: (j) => not(hasMiddleware(j, CSRF)),
  }),
  rule({
    id: "security.W016",
    level: "warning",
    https: true,
    title: "The CSRF cookie is sent over plain HTTP",
    why: "Anyone on the way can read the token.",
    fix: "Set CSRF_COOKIE_SECURE = True.",
    docs: "ref/settings/#csrf-cookie-secure",
    setting: "CSRF_COOKIE_SECURE",
    message: "CSRF_COOKIE_SECURE is not True",
    hint: "CSRF_COOKIE_SECURE = True",
    when: (j) =>
      and(
        and(hasMiddleware(j, CSRF), not(isTruthy(j, "CSRF_USE_SESSIONS"))),
        not(isExactlyTrue(j, "CSRF_COOKIE_SECURE")),
      ),
  }),
  {
    id: "4_0.E001",
    level: "error",
    from: [4, 0],
    title: "A trusted origin has no scheme",
    why: "Django 4 and later refuse it: forms from that origin get 403.",
    fix: 'Write the scheme: "https://www.example.com".',
    docs: "ref/settings/#csrf-trusted-origins",
    check: (j) =>
      elements(j, setting(j, "CSRF_TRUSTED_ORIGINS")).map(({ item, when }) => ({
        when: item.t === "str" && !item.v.includes("://") ? when : FALSE,
        setting: "CSRF_TRUSTED_ORIGINS",
        message: `${named(j, "entry", item, when)} of CSRF_TRUSTED_ORIGINS has no scheme`,
      })),
  },
  rule({
    id: "djdeploy.samesite-none",
    level: "warning",
    setting: "SESSION_COOKIE_SAMESITE",
    title: "SameSite=None without Secure",
    why: "Browsers drop such a cookie: nobody can log in.",
    fix: "Set SESSION_COOKIE_SECURE = True, or SESSION_COOKIE_SAMESITE = 'Lax'.",
    when: (j) =>
      and(
        holds(
          j,
          setting(j, "SESSION_COOKIE_SAMESITE"),
          (o) => o.t === "str" && o.v.toLowerCase() === "none",
          "is None",
        ),
        not(isTruthy(j, "SESSION_COOKIE_SECURE")),
      ),
  }),
  {
    id: "djdeploy.session-pickle",
    level: "warning",
    title: "Sessions are pickled",
    why: "Whoever learns SECRET_KEY can then run code on the server; Django 5 has no such serializer at all.",
    fix: "Remove SESSION_SERIALIZER: JSON is the default.",
    docs: settingDocs("SESSION_SERIALIZER"),
    check: (j) => [
      {
        when: textHolds(
          j,
          setting(j, "SESSION_SERIALIZER"),
          (name) => name.endsWith("PickleSerializer"),
          "is pickle",
        ),
        setting: "SESSION_SERIALIZER",
        level: since(j, 5) ? "error" : "warning",
        message: since(j, 5)
          ? "SESSION_SERIALIZER names a serializer that Django 5 does not have"
          : "sessions are pickled: whoever learns SECRET_KEY can run code on the server",
      },
    ],
  },
];
