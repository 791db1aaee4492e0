import { and, not, or } from "../../python/decide.ts";
import type { Value } from "../../python/values.ts";
import { bool, FALSE } from "../../python/values.ts";
import {
  certainItems,
  elements,
  hasMiddleware,
  holds,
  isExactlyTrue,
  isTruthy,
  type Judge,
  setting,
} from "../judge.ts";
import type { Rule } from "../rule.ts";
import { rule } from "../simple.ts";

export const SECURITY = "django.middleware.security.SecurityMiddleware";
const security = (j: Judge): Value => hasMiddleware(j, SECURITY);

/** Family T: HTTPS, from the redirect to HSTS. */
export const transportRules: Rule[] = [
  {
    id: "security.W001",
    level: "warning",
    title: "SecurityMiddleware is missing",
    why: "Without it the SECURE_… settings (HSTS, redirect, nosniff, referrer policy) do nothing.",
    fix: `Put "${SECURITY}" first in MIDDLEWARE.`,
    docs: "ref/middleware/#django.middleware.security.SecurityMiddleware",
    check: (j) => [
      {
        when: not(security(j)),
        setting: "MIDDLEWARE",
        message: "SecurityMiddleware is not in MIDDLEWARE, so no SECURE_… setting works",
        hint: "put it first in MIDDLEWARE",
      },
    ],
  },
  {
    id: "security.W004",
    level: "warning",
    https: true,
    title: "No HSTS",
    why: "Browsers may still try plain HTTP first, where anyone on the way can read or redirect the request.",
    fix: "Set SECURE_HSTS_SECONDS, first to an hour (3600), to a year once all is well.",
    docs: "ref/settings/#secure-hsts-seconds",
    check: (j) => [
      {
        when: and(security(j), not(isTruthy(j, "SECURE_HSTS_SECONDS"))),
        setting: "SECURE_HSTS_SECONDS",
        message: "SECURE_HSTS_SECONDS is 0 or not set",
        hint: "SECURE_HSTS_SECONDS = 3600, later 31536000",
      },
    ],
  },
  {
    id: "security.W005",
    level: "warning",
    https: true,
    title: "HSTS leaves subdomains out",
    why: "A subdomain reached by plain HTTP can set cookies for the whole domain.",
    fix: "Set SECURE_HSTS_INCLUDE_SUBDOMAINS = True if every subdomain is served by HTTPS.",
    docs: "ref/settings/#secure-hsts-include-subdomains",
    check: (j) => [
      {
        when: and(
          and(security(j), isTruthy(j, "SECURE_HSTS_SECONDS")),
          not(isExactlyTrue(j, "SECURE_HSTS_INCLUDE_SUBDOMAINS")),
        ),
        setting: "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        message: "SECURE_HSTS_INCLUDE_SUBDOMAINS is not True",
        hint: "SECURE_HSTS_INCLUDE_SUBDOMAINS = True, if every subdomain has HTTPS",
      },
    ],
  },
  {
    id: "security.W021",
    level: "warning",
    https: true,
    title: "HSTS is not ready for preload lists",
    why: "Without it the first visit of a browser is not protected.",
    fix: "Set SECURE_HSTS_PRELOAD = True if the domain shall be in browsers' preload lists.",
    docs: "ref/settings/#secure-hsts-preload",
    check: (j) => [
      {
        when: and(
          and(security(j), isTruthy(j, "SECURE_HSTS_SECONDS")),
          not(isExactlyTrue(j, "SECURE_HSTS_PRELOAD")),
        ),
        setting: "SECURE_HSTS_PRELOAD",
        message: "SECURE_HSTS_PRELOAD is not True",
        hint: "SECURE_HSTS_PRELOAD = True, or ignore this id with a reason",
      },
    ],
  },
  {
    id: "security.W008",
    level: "warning",
    https: true,
    title: "Plain HTTP is not redirected to HTTPS",
    why: "Pages and cookies can then be had by plain HTTP, unless the web server in front redirects.",
    fix: "Set SECURE_SSL_REDIRECT = True (with SECURE_PROXY_SSL_HEADER behind a proxy), or let nginx redirect and ignore this id.",
    docs: "ref/settings/#secure-ssl-redirect",
    check: (j) => [
      {
        when: and(security(j), not(isExactlyTrue(j, "SECURE_SSL_REDIRECT"))),
        setting: "SECURE_SSL_REDIRECT",
        message: "SECURE_SSL_REDIRECT is not True",
        hint: "SECURE_SSL_REDIRECT = True, or ignore this id where nginx redirects",
      },
    ],
  },
  rule({
    id: "djdeploy.security-middleware-late",
    level: "warning",
    setting: "MIDDLEWARE",
    title: "SecurityMiddleware is not first",
    why: "Middleware before it answers without its redirect and headers; WhiteNoise belongs directly after it.",
    fix: "Put it first in MIDDLEWARE.",
    docs: "ref/middleware/#middleware-ordering",
    when: (j) => {
      const items = certainItems(setting(j, "MIDDLEWARE"));
      const at = items?.findIndex((i) => i.t === "str" && i.v === SECURITY) ?? -1;
      const before = at > 0 ? items?.slice(0, at) : [];
      const harmless = (v: Value): boolean =>
        v.t === "str" && /cors|prometheus|RequestId|healthcheck|csp/i.test(v.v);
      return bool((before ?? []).some((v) => v.t === "str" && !harmless(v)));
    },
  }),
  rule({
    id: "djdeploy.hsts-preload-short",
    level: "warning",
    https: true,
    setting: "SECURE_HSTS_PRELOAD",
    title: "HSTS preload is on, but its conditions are not met",
    why: "Preload lists want a year (31536000) and includeSubDomains; the header then has no effect.",
    fix: "Set SECURE_HSTS_SECONDS = 31536000 and SECURE_HSTS_INCLUDE_SUBDOMAINS = True, or turn preload off.",
    when: (j) => {
      const short = holds(
        j,
        setting(j, "SECURE_HSTS_SECONDS"),
        (o) => o.t === "num" && o.v > 0 && o.v < 31536000,
        "is short",
      );
      const narrow = and(
        isTruthy(j, "SECURE_HSTS_SECONDS"),
        not(isTruthy(j, "SECURE_HSTS_INCLUDE_SUBDOMAINS")),
      );
      return and(isTruthy(j, "SECURE_HSTS_PRELOAD"), or(short, narrow));
    },
  }),
  rule({
    id: "djdeploy.redirect-loop",
    level: "error",
    https: true,
    setting: "SECURE_SSL_REDIRECT",
    title: "The redirect to HTTPS never ends",
    why: "Behind a proxy every request looks like plain HTTP to Django, so it redirects for ever.",
    fix: 'Set SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https"); the nginx site of a deploy sends it.',
    docs: "ref/settings/#secure-proxy-ssl-header",
    when: (j) =>
      j.input.deployment
        ? and(
            and(security(j), isTruthy(j, "SECURE_SSL_REDIRECT")),
            not(isTruthy(j, "SECURE_PROXY_SSL_HEADER")),
          )
        : FALSE,
  }),
  rule({
    id: "djdeploy.proxy-header",
    level: "error",
    setting: "SECURE_PROXY_SSL_HEADER",
    title: "SECURE_PROXY_SSL_HEADER never matches",
    why: "It must be a pair, and name the header as WSGI does: HTTP_, upper case, underscores.",
    fix: 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https").',
    when: (j) =>
      holds(
        j,
        setting(j, "SECURE_PROXY_SSL_HEADER"),
        (o) => {
          if (o.t === "none") return false;
          const items = certainItems(o);
          if (!items) return o.t !== "list";
          const [name] = items;
          return items.length !== 2 || (name?.t === "str" && !/^HTTP_[A-Z0-9_]+$/.test(name.v));
        },
        "never matches",
      ),
  }),
  ...[
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
  ].map(
    (name): Rule => ({
      id: `djdeploy.${name.toLowerCase().replace(/_/g, "-")}-text`,
      level: "warning",
      title: `${name} is a text`,
      why: "Every text but the empty one counts as on, 'False' included, and Django's check wants exactly True.",
      fix: `Cast the text: ${name} = os.environ.get("${name}", "").lower() in ("1", "true").`,
      docs: `ref/settings/#${name.toLowerCase().replace(/_/g, "-")}`,
      check: (j) => [
        {
          when: holds(j, setting(j, name), (o) => o.t === "str" && o.v !== "", "is a text"),
          setting: name,
          message: `${name} is a text, and every text but the empty one turns it on`,
        },
      ],
    }),
  ),
  {
    id: "djdeploy.redirect-exempt-slash",
    level: "warning",
    title: "An entry of SECURE_REDIRECT_EXEMPT never matches",
    why: "Patterns are compared with the path without its first slash.",
    fix: "Remove the leading slash.",
    docs: "ref/settings/#secure-redirect-exempt",
    check: (j) =>
      elements(j, setting(j, "SECURE_REDIRECT_EXEMPT")).map(({ item, when }) => ({
        when: item.t === "str" && /^\^?\//.test(item.v) ? when : FALSE,
        setting: "SECURE_REDIRECT_EXEMPT",
        message: "an entry of SECURE_REDIRECT_EXEMPT starts with a slash and never matches",
      })),
  },
  rule({
    id: "djdeploy.forwarded-host",
    level: "warning",
    setting: "USE_X_FORWARDED_HOST",
    title: "X-Forwarded-Host is trusted",
    why: "Unless the proxy in front overwrites it, visitors choose the host that links are built with.",
    fix: "Leave USE_X_FORWARDED_HOST off; nginx passes the real Host.",
    when: (j) => isTruthy(j, "USE_X_FORWARDED_HOST"),
  }),
];
