import { and, not } from "../../python/decide.ts";
import type { Value } from "../../python/values.ts";
import { hasMiddleware, isExactlyTrue, isTruthy, type Judge } from "../judge.ts";
import type { Rule } from "../rule.ts";

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
];
