import { and, not, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { bool, FALSE } from "../../python/logic/values.ts";
import { askPattern } from "../../python/source/foreign-pattern.ts";
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
import { someText } from "../questions.ts";
import type { Rule } from "../rule.ts";
import { rule, settingDocs } from "../simple.ts";

export const SECURITY = "django.middleware.security.SecurityMiddleware";
const security = (j: Judge): Value => hasMiddleware(j, SECURITY);

/** Flags that a text turns on, with Django's ids that say of the same value that it is not True. */
const FLAGS: Record<string, string[]> = {
  SECURE_SSL_REDIRECT: ["security.W008"],
  SESSION_COOKIE_SECURE: ["security.W010", "security.W011", "security.W012"],
  CSRF_COOKIE_SECURE: ["security.W016"],
  SECURE_HSTS_INCLUDE_SUBDOMAINS: ["security.W005"],
};

/** Servers that do not tell the application the scheme that their proxy names; a deploy has the others believe it. */
const DEAF = new Set(["hypercorn", "waitress"]);

/**
 * Django takes every request for plain HTTP: nothing but SECURE_PROXY_SSL_HEADER could tell it otherwise. Gunicorn
 * believes X-Forwarded-Proto on a Unix socket and from loopback addresses.
 */
export function schemeIsLost(j: Judge): Value {
  const { server, args = [] } = j.input.deployment ?? {};
  const told = args.some((arg) => /proxy|forwarded/.test(arg));
  return server && DEAF.has(server) && !told ? not(isTruthy(j, "SECURE_PROXY_SSL_HEADER")) : FALSE;
}

/** Does a pattern of SECURE_REDIRECT_EXEMPT fit the path? One that we can not follow is given the benefit. */
function fits(j: Judge, source: string, path: string): boolean {
  const found = askPattern(j.m, { source, flags: "", text: path.replace(/^\/+/, ""), act: "first" });
  return found === null || found.answer !== null;
}

/** Family T: HTTPS, from the redirect to HSTS. */
export const transportRules: Rule[] = [
  rule({
    id: "security.W001",
    level: "warning",
    title: "SecurityMiddleware is missing",
    why: "Without it the SECURE_… settings (HSTS, redirect, nosniff, referrer policy) do nothing.",
    fix: `Put "${SECURITY}" first in MIDDLEWARE.`,
    docs: "ref/middleware/#django.middleware.security.SecurityMiddleware",
    setting: "MIDDLEWARE",
    message: "SecurityMiddleware is not in MIDDLEWARE, so no SECURE_… setting works",
    hint: "put it first in MIDDLEWARE",
    when: (j) => not(security(j)),
  }),
  rule({
    id: "security.W004",
    level: "warning",
    https: true,
    title: "No HSTS",
    why: "Browsers may still try plain HTTP first, where anyone on the way can read or redirect the request.",
    fix: "Set SECURE_HSTS_SECONDS, first to an hour (3600), to a year once all is well.",
    docs: "ref/settings/#secure-hsts-seconds",
    setting: "SECURE_HSTS_SECONDS",
    message: "SECURE_HSTS_SECONDS is 0 or not set",
    hint: "SECURE_HSTS_SECONDS = 3600, later 31536000",
    when: (j) => and(security(j), not(isTruthy(j, "SECURE_HSTS_SECONDS"))),
  }),
  rule({
    id: "security.W005",
    level: "warning",
    https: true,
    title: "HSTS leaves subdomains out",
    why: "A subdomain reached by plain HTTP can set cookies for the whole domain.",
    fix: "Set SECURE_HSTS_INCLUDE_SUBDOMAINS = True if every subdomain is served by HTTPS.",
    docs: "ref/settings/#secure-hsts-include-subdomains",
    setting: "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    message: "SECURE_HSTS_INCLUDE_SUBDOMAINS is not True",
    hint: "SECURE_HSTS_INCLUDE_SUBDOMAINS = True, if every subdomain has HTTPS",
    when: (j) =>
      and(
        and(security(j), isTruthy(j, "SECURE_HSTS_SECONDS")),
        not(isExactlyTrue(j, "SECURE_HSTS_INCLUDE_SUBDOMAINS")),
      ),
  }),
  rule({
    id: "security.W021",
    level: "warning",
    https: true,
    title: "HSTS is not ready for preload lists",
    why: "Without it the first visit of a browser is not protected.",
    fix: "Set SECURE_HSTS_PRELOAD = True if the domain shall be in browsers' preload lists.",
    docs: "ref/settings/#secure-hsts-preload",
    setting: "SECURE_HSTS_PRELOAD",
    message: "SECURE_HSTS_PRELOAD is not True",
    hint: "SECURE_HSTS_PRELOAD = True, or ignore this id with a reason",
    when: (j) =>
      and(and(security(j), isTruthy(j, "SECURE_HSTS_SECONDS")), not(isExactlyTrue(j, "SECURE_HSTS_PRELOAD"))),
  }),
  rule({
    id: "security.W008",
    level: "warning",
    https: true,
    title: "Plain HTTP is not redirected to HTTPS",
    why: "Pages and cookies can then be had by plain HTTP, unless the web server in front redirects.",
    fix: "Set SECURE_SSL_REDIRECT = True (with SECURE_PROXY_SSL_HEADER behind a proxy), or let nginx redirect and ignore this id.",
    docs: "ref/settings/#secure-ssl-redirect",
    setting: "SECURE_SSL_REDIRECT",
    message: "SECURE_SSL_REDIRECT is not True",
    hint: "SECURE_SSL_REDIRECT = True, or ignore this id where nginx redirects",
    when: (j) => and(security(j), not(isExactlyTrue(j, "SECURE_SSL_REDIRECT"))),
  }),
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
  {
    id: "djdeploy.redirect-loop",
    // What the server is told of its proxy is not all seen here; the probe before the switch is the judge.
    level: "warning",
    https: true,
    title: "The redirect to HTTPS never ends",
    why: "Behind a proxy every request looks like plain HTTP to Django, so it redirects for ever. Gunicorn takes the scheme from its proxy by itself; other servers do not.",
    fix: 'Set SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https"); the nginx site of a deploy sends it.',
    docs: "ref/settings/#secure-proxy-ssl-header",
    check: (j) => [
      {
        when: and(and(security(j), isTruthy(j, "SECURE_SSL_REDIRECT")), schemeIsLost(j)),
        setting: "SECURE_SSL_REDIRECT",
        message: `SECURE_SSL_REDIRECT is on, and ${j.input.deployment?.server} does not tell Django that a request came by HTTPS: it redirects for ever`,
      },
    ],
  },
  rule({
    id: "djdeploy.hsts-template-value",
    level: "info",
    https: true,
    setting: "SECURE_HSTS_SECONDS",
    title: "HSTS lasts a minute only",
    why: "60 seconds is the value of project templates, meant for the first day.",
    fix: "Raise SECURE_HSTS_SECONDS to 3600, then to a year (31536000), once HTTPS works everywhere.",
    when: (j) =>
      and(
        security(j),
        holds(j, setting(j, "SECURE_HSTS_SECONDS"), (o) => o.t === "num" && o.v > 0 && o.v <= 60, "is 60"),
      ),
  }),
  {
    id: "djdeploy.health-path-redirected",
    level: "warning",
    title: "The health check is answered with a redirect",
    why: "SECURE_SSL_REDIRECT sends the probe to HTTPS, and health.status does not count a redirect as healthy.",
    fix: "Add the path to SECURE_REDIRECT_EXEMPT (without its first slash), or ask with health.scheme: https.",
    docs: "ref/settings/#secure-redirect-exempt",
    check: (j) => {
      const health = j.input.deployment?.health;
      if (health?.scheme !== "http" || health.status === "auto") return [];
      if (health.status.some((code) => code >= 300 && code < 400)) return [];
      const exempt = someText(j, setting(j, "SECURE_REDIRECT_EXEMPT"), (p) => fits(j, p, health.path));
      return [
        {
          when: and(and(security(j), isTruthy(j, "SECURE_SSL_REDIRECT")), not(exempt)),
          setting: "SECURE_SSL_REDIRECT",
          message: `SECURE_SSL_REDIRECT redirects the health check of ${health.path}`,
        },
      ];
    },
  },
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
  ...Object.entries(FLAGS).map(
    ([name, partOf]): Rule => ({
      id: `djdeploy.${name.toLowerCase().replace(/_/g, "-")}-text`,
      level: "warning",
      title: `${name} is a text`,
      why: "Every text but the empty one counts as on, 'False' included, and Django's check wants exactly True.",
      fix: `Cast the text: ${name} = os.environ.get("${name}", "").lower() in ("1", "true").`,
      docs: settingDocs(name),
      partOf,
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
