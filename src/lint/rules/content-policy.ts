import { and, not, or } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE } from "../../python/logic/values.ts";
import {
  elements,
  hasApp,
  hasMiddleware,
  holds,
  isSet,
  isTruthy,
  type Judge,
  setting,
  within,
} from "../judge.ts";
import { entries, someText } from "../questions.ts";
import type { Rule } from "../rule.ts";
import { settingDocs } from "../simple.ts";

const POLICIES = ["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"];
const MIDDLEWARE = "django.middleware.csp.ContentSecurityPolicyMiddleware";
const PROCESSOR = "django.template.context_processors.csp";
/** How Django writes CSP.NONCE in a policy. */
const NONCE = "<CSP_NONCE_SENTINEL>";

/** Family X, who may load what: content security policies and CORS. */
export const contentPolicyRules: Rule[] = [
  {
    id: "security.E026",
    level: "error",
    from: [6, 0],
    title: "A content security policy is no dict",
    why: "Django refuses it.",
    fix: "Make it a dict of directives.",
    docs: settingDocs("SECURE_CSP"),
    check: (j) =>
      POLICIES.map((name) => ({
        when: and(
          isSet(j, name),
          holds(j, setting(j, name), (o) => o.t !== "dict" && o.t !== "none", "is no dict"),
        ),
        setting: name,
        message: `${name} is no dict`,
      })),
  },
  {
    id: "security.W027",
    level: "warning",
    from: [6, 1],
    title: "A policy wants nonces that no template can have",
    why: "Browsers then refuse every inline script and style.",
    fix: `Add "${PROCESSOR}" to the context processors of TEMPLATES.`,
    docs: settingDocs("SECURE_CSP"),
    check: (j) =>
      POLICIES.map((name) => ({
        when: and(
          and(
            hasMiddleware(j, MIDDLEWARE),
            anySource(j, name, (s) => s === NONCE),
          ),
          not(processor(j)),
        ),
        setting: name,
        message: `${name} uses CSP.NONCE, but no template engine has the csp context processor`,
      })),
  },
  {
    id: "djdeploy.csp-unsafe-inline",
    level: "warning",
    title: "The content security policy allows inline scripts",
    why: "A script that an attacker gets into a page then runs as if it were yours, which is what the policy is for.",
    fix: "Use nonces or hashes for inline scripts instead of 'unsafe-inline'.",
    docs: settingDocs("SECURE_CSP"),
    check: (j) => [
      {
        when: or(
          and(hasMiddleware(j, MIDDLEWARE), inline(j, setting(j, "SECURE_CSP"))),
          and(hasMiddleware(j, "csp.middleware.CSPMiddleware"), otherInline(j)),
        ),
        setting: isThere(j, "SECURE_CSP") ? "SECURE_CSP" : "CONTENT_SECURITY_POLICY",
        message: "the content security policy allows 'unsafe-inline' scripts",
      },
    ],
  },
  {
    id: "djdeploy.cors-all-origins",
    level: "warning",
    title: "Every site may read your answers",
    why: "CORS_ALLOW_ALL_ORIGINS lets any page's scripts call this site; with credentials, in the visitor's name.",
    fix: "List the origins in CORS_ALLOWED_ORIGINS.",
    docs: "https://github.com/adamchainz/django-cors-headers",
    check: (j) => {
      const names = ["CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"];
      const on = (name: string): Value => and(isSet(j, name), isTruthy(j, name));
      // With SameSite=Lax, the default, browsers keep the session's cookie to themselves.
      const credentials = and(on("CORS_ALLOW_CREDENTIALS"), cookiesGoAlong(j));
      return names.flatMap((name) => {
        const all = and(hasApp(j, "corsheaders"), on(name));
        return [
          {
            when: and(all, credentials),
            setting: name,
            level: "error",
            message: `${name} with CORS_ALLOW_CREDENTIALS: every site may act in the name of your visitors`,
          },
          {
            when: and(all, not(credentials)),
            setting: name,
            message: `${name} is on: every site's scripts may read your answers`,
          },
        ];
      });
    },
  },
];

const cookiesGoAlong = (j: Judge): Value =>
  holds(
    j,
    setting(j, "SESSION_COOKIE_SAMESITE"),
    (o) => o.t === "none" || (o.t === "bool" && !o.v) || (o.t === "str" && o.v.toLowerCase() === "none"),
    "lets cookies go along",
  );

const isThere = (j: Judge, name: string): boolean => j.evaluation.settings.has(name);

/** Does some directive of the policy hold such a source? */
function anySource(j: Judge, name: string, test: (source: string) => boolean): Value {
  let any: Value = FALSE;
  for (const { value, when } of entries(j, setting(j, name)))
    any = or(any, and(when, someText(j, value, test)));
  return any;
}

const unsafe = (j: Judge, sources: Value): Value => someText(j, sources, (s) => s === "'unsafe-inline'");
/** With a nonce, a hash or strict-dynamic, browsers ignore 'unsafe-inline'. */
const strict = (j: Judge, sources: Value): Value =>
  someText(j, sources, (s) => s === NONCE || /^'(nonce-|sha\d+-|strict-dynamic)/.test(s));

/** script-src decides; where it is missing, default-src. */
function inline(j: Judge, policy: Value): Value {
  const own = within(j, policy, "script-src");
  const general = within(j, policy, "default-src");
  const missing = holds(j, own, (o) => o.t === "missing", "is missing");
  const loose = (v: Value): Value => and(unsafe(j, v), not(strict(j, v)));
  return or(loose(own), and(missing, loose(general)));
}

/** django-csp: CONTENT_SECURITY_POLICY (4.0 and later), CSP_SCRIPT_SRC before. */
function otherInline(j: Judge): Value {
  const old = setting(j, "CSP_SCRIPT_SRC");
  return or(inline(j, within(j, setting(j, "CONTENT_SECURITY_POLICY"), "DIRECTIVES")), unsafe(j, old));
}

function processor(j: Judge): Value {
  let any: Value = FALSE;
  for (const { item, when } of elements(j, setting(j, "TEMPLATES")))
    any = or(
      any,
      and(
        when,
        someText(j, within(j, item, "OPTIONS", "context_processors"), (p) => p === PROCESSOR),
      ),
    );
  return any;
}
