import { and, not, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE } from "../../python/logic/values.ts";
import { hasApp, hasMiddleware, isTruthy, type Judge, setting } from "../judge.ts";
import { someText, textHolds, texts } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { settingDocs } from "../simple.ts";
import { allows } from "./hosts.ts";
import { SECURITY } from "./transport.ts";

const COMMON = "django.middleware.common.CommonMiddleware";
const CSRF = "django.middleware.csrf.CsrfViewMiddleware";

/** Visitors come by plain HTTP, says djdeploy.yml: there is a `url` with http, and nothing that ends TLS. */
function plainHttp(j: Judge): string | null {
  const { url, tls } = j.input.deployment ?? {};
  return url && !tls && url.startsWith("http:") ? url : null;
}

/** Browsers take these for safe, whatever the scheme. */
const isLocal = (url: string): boolean =>
  /^http:\/\/(?:[\w.-]+\.)?(?:localhost|127\.[\d.]+|\[::1\])(?::|\/|$)/.test(url);

/** Settings that contradict the `url`, the `domains` and the `tls` of the environment: a deploy would fail on them later. */
export const addressRules: Rule[] = [
  {
    id: "djdeploy.redirect-without-tls",
    level: "error",
    title: "Every request is sent to HTTPS, which nobody serves",
    why: "The environment's url is plain HTTP and tls is none, so the address of the redirect does not answer.",
    fix: "Write tls and an https url into djdeploy.yml, or turn SECURE_SSL_REDIRECT off for this environment.",
    docs: settingDocs("SECURE_SSL_REDIRECT"),
    check: (j) => {
      const url = plainHttp(j);
      if (url === null) return [];
      const all = someText(j, setting(j, "SECURE_REDIRECT_EXEMPT"), (p) =>
        ["", ".*", "^", "^.*$", ".*?"].includes(p),
      );
      return [
        {
          when: and(and(hasMiddleware(j, SECURITY), isTruthy(j, "SECURE_SSL_REDIRECT")), not(all)),
          setting: "SECURE_SSL_REDIRECT",
          message: `SECURE_SSL_REDIRECT is on, and ${url} has no TLS: every request is sent to an address that nobody serves`,
          hint: "set tls and an https url in djdeploy.yml, or turn it off for this environment",
        },
      ];
    },
  },
  {
    id: "djdeploy.secure-cookie-without-tls",
    level: "warning",
    title: "Cookies are for HTTPS only, and the site is not",
    why: "Browsers do not send back a secure cookie over plain HTTP: nobody stays logged in, every form gets 403.",
    fix: "Write tls and an https url into djdeploy.yml, or turn the setting off for this environment.",
    docs: settingDocs("SESSION_COOKIE_SECURE"),
    check: (j) => {
      const url = plainHttp(j);
      if (url === null || isLocal(url)) return [];
      const cookies: [string, Value][] = [
        ["SESSION_COOKIE_SECURE", or(hasApp(j, "django.contrib.sessions"), isTruthy(j, "CSRF_USE_SESSIONS"))],
        ["CSRF_COOKIE_SECURE", and(hasMiddleware(j, CSRF), not(isTruthy(j, "CSRF_USE_SESSIONS")))],
      ];
      return cookies.map(([name, used]) => ({
        when: and(used, isTruthy(j, name)),
        setting: name,
        message: `${name} is on, and ${url} is plain HTTP: browsers do not send the cookie back`,
      }));
    },
  },
  {
    id: "djdeploy.trusted-origin-scheme",
    level: "warning",
    from: [4, 0],
    title: "CSRF_TRUSTED_ORIGINS names the site with another scheme",
    why: "An origin is compared with its scheme: the entry never matches what browsers send.",
    fix: "Write the scheme of the environment's url.",
    docs: settingDocs("CSRF_TRUSTED_ORIGINS"),
    check: originScheme,
  },
  {
    id: "djdeploy.redirect-elsewhere",
    level: "warning",
    title: "Requests are redirected to a name that is not deployed to",
    why: "SECURE_SSL_HOST and PREPEND_WWW send visitors to a name that djdeploy.yml does not list: nginx does not serve it.",
    fix: "Add the name to domains, or correct the setting.",
    docs: settingDocs("SECURE_SSL_HOST"),
    check: redirects,
  },
];

function originScheme(j: Judge): Check[] {
  const { url, tls, domains = [] } = j.input.deployment ?? {};
  const scheme = tls ? "https" : url && plainHttp(j) ? "http" : null;
  if (scheme === null) return [];
  const other = scheme === "https" ? "http" : "https";
  return domains.flatMap((domain) => {
    const entries = texts(j, setting(j, "CSRF_TRUSTED_ORIGINS"));
    const named = (by: string): Value =>
      entries
        .filter(
          ({ text }) =>
            text.startsWith(`${by}://`) && allows(text.slice(by.length + 3).replace(/^\*/, ""), domain),
        )
        .reduce<Value>((any, { when }) => or(any, when), FALSE);
    return [
      {
        when: and(named(other), not(named(scheme))),
        setting: "CSRF_TRUSTED_ORIGINS",
        message: `CSRF_TRUSTED_ORIGINS names ${other}://${domain}, and visitors come by ${scheme}`,
      },
    ];
  });
}

function redirects(j: Judge): Check[] {
  const { domains = [], tls = false } = j.input.deployment ?? {};
  if (domains.length === 0) return [];
  const served = (host: string): boolean =>
    domains.some((domain) => domain.toLowerCase() === host.toLowerCase());
  const bare = domains.filter(
    (domain) => !/^www\.|^[\d.]+$|:|^localhost$/i.test(domain) && !served(`www.${domain}`),
  );
  const to: Check = {
    when: and(
      and(hasMiddleware(j, SECURITY), isTruthy(j, "SECURE_SSL_REDIRECT")),
      textHolds(
        j,
        setting(j, "SECURE_SSL_HOST"),
        (host) => host !== "" && !served(host.replace(/:\d+$/, "")),
        "is another",
      ),
    ),
    setting: "SECURE_SSL_HOST",
    message: `SECURE_SSL_HOST is none of ${domains.join(", ")}`,
  };
  const www = bare.map((domain) => ({
    when: and(hasMiddleware(j, COMMON), isTruthy(j, "PREPEND_WWW")),
    setting: "PREPEND_WWW",
    message: `PREPEND_WWW sends visitors of ${domain} to www.${domain}, which is not among the domains`,
  }));
  return [...(tls ? [to] : []), ...www];
}
