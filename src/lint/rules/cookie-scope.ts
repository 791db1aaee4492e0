import { and, not, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { hasMiddleware, holds, isTruthy, type Judge, setting } from "../judge.ts";
import { someText, textHolds } from "../questions.ts";
import type { Rule } from "../rule.ts";
import { rule } from "../simple.ts";
import { CSRF } from "./cookies.ts";
import { schemeIsLost } from "./transport.ts";

const COOKIES = ["SESSION", "CSRF"];

/** Family C, where cookies are valid and for how long. */
export const cookieScopeRules: Rule[] = [
  {
    id: "djdeploy.cookie-prefix",
    level: "warning",
    title: "A cookie name promises what is not set",
    why: "Browsers drop a __Host- or __Secure- cookie that is not Secure, and a __Host- cookie with a domain or a path.",
    fix: "Set …_COOKIE_SECURE = True, and for __Host- neither …_COOKIE_DOMAIN nor …_COOKIE_PATH.",
    docs: "ref/settings/#session-cookie-name",
    check: (j) =>
      COOKIES.map((cookie) => ({
        when: brokenPromise(j, cookie),
        setting: `${cookie}_COOKIE_NAME`,
        message: `browsers drop the cookie that ${cookie}_COOKIE_NAME names: its prefix promises what is not set`,
      })),
  },
  {
    id: "djdeploy.cookie-domain",
    level: "error",
    title: "A cookie's domain is not the site's",
    why: "Browsers drop a cookie for another domain: nobody can log in or send a form.",
    fix: "Remove the setting, or write the site's own domain.",
    docs: "ref/settings/#session-cookie-domain",
    check: (j) => {
      const domains = j.input.deployment?.domains ?? [];
      if (domains.length === 0) return [];
      return COOKIES.map((cookie) => ({
        when: textHolds(
          j,
          setting(j, `${cookie}_COOKIE_DOMAIN`),
          (own) => own !== "" && !domains.some((domain) => belongs(domain, own)),
          "is another domain",
        ),
        setting: `${cookie}_COOKIE_DOMAIN`,
        message: `${cookie}_COOKIE_DOMAIN is not the domain of ${domains.join(", ")}: browsers drop the cookie`,
      }));
    },
  },
  {
    id: "djdeploy.trusted-origins",
    level: "warning",
    from: [4, 0],
    https: true,
    title: "Forms are refused behind the proxy",
    why: "Django sees plain HTTP and a browser says https, so every POST is answered with 403.",
    fix: 'Set SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https"), or name the origin in CSRF_TRUSTED_ORIGINS.',
    docs: "ref/settings/#csrf-trusted-origins",
    check: (j) => {
      const { domains = [], tls = false } = j.input.deployment ?? {};
      return (tls ? domains : []).map((domain) => ({
        when: and(
          and(hasMiddleware(j, CSRF), schemeIsLost(j)),
          not(someText(j, setting(j, "CSRF_TRUSTED_ORIGINS"), (o) => trusts(o, domain))),
        ),
        setting: "CSRF_TRUSTED_ORIGINS",
        message: `Django does not learn that https://${domain} is HTTPS and does not trust it: every POST gets 403`,
      }));
    },
  },
  rule({
    id: "djdeploy.session-signed-cookies",
    level: "info",
    setting: "SESSION_ENGINE",
    title: "Sessions live in the visitors' browsers",
    why: "Everyone can read his own session, a log-out does not end a copied one, and 4 KB is all there is.",
    fix: "Stay with it knowingly, or use sessions in the database.",
    docs: "topics/http/sessions/#using-cookie-based-sessions",
    when: (j) =>
      textHolds(
        j,
        setting(j, "SESSION_ENGINE"),
        (e) => e.endsWith("backends.signed_cookies"),
        "is in cookies",
      ),
  }),
  rule({
    id: "djdeploy.session-age",
    level: "info",
    setting: "SESSION_COOKIE_AGE",
    title: "Sessions last longer than 30 days",
    why: "A forgotten log-in on a foreign computer stays open for as long.",
    fix: "Lower SESSION_COOKIE_AGE (seconds; the default is two weeks).",
    when: (j) =>
      holds(j, setting(j, "SESSION_COOKIE_AGE"), (o) => o.t === "num" && o.v > 30 * 86_400, "is long"),
  }),
];

function brokenPromise(j: Judge, cookie: string): Value {
  const named = (start: string): Value =>
    textHolds(j, setting(j, `${cookie}_COOKIE_NAME`), (n) => n.startsWith(start), "has a prefix");
  const insecure = not(isTruthy(j, `${cookie}_COOKIE_SECURE`));
  const bound = or(
    isTruthy(j, `${cookie}_COOKIE_DOMAIN`),
    textHolds(j, setting(j, `${cookie}_COOKIE_PATH`), (p) => p !== "/", "is a path"),
  );
  return or(and(named("__Secure-"), insecure), and(named("__Host-"), or(insecure, bound)));
}

/** May the host set a cookie for the domain? (RFC 6265, 5.1.3) */
function belongs(host: string, domain: string): boolean {
  const own = domain.replace(/^\./, "").toLowerCase();
  return host.toLowerCase() === own || host.toLowerCase().endsWith(`.${own}`);
}

/** `https://example.com` and `https://*.example.com`, as CsrfViewMiddleware compares them. */
function trusts(origin: string, domain: string): boolean {
  const [scheme, name = ""] = origin.toLowerCase().split("://");
  const host = domain.toLowerCase();
  if (scheme !== "https") return false;
  return name.startsWith("*.") ? host === name.slice(2) || host.endsWith(name.slice(1)) : name === host;
}
