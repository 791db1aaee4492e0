import { and, not, or } from "../../python/logic/decide.ts";
import type { Obj, Value } from "../../python/logic/values.ts";
import { FALSE } from "../../python/logic/values.ts";
import { elements, hasMiddleware, holds, isExactlyTrue, type Judge, setting, since } from "../judge.ts";
import type { Rule } from "../rule.ts";
import { rule } from "../simple.ts";
import { SECURITY } from "./transport.ts";

const FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware";
const security = (j: Judge): Value => hasMiddleware(j, SECURITY);

const REFERRER = new Set(
  "no-referrer no-referrer-when-downgrade origin origin-when-cross-origin same-origin strict-origin strict-origin-when-cross-origin unsafe-url".split(
    " ",
  ),
);
const OPENER = new Set(["same-origin", "same-origin-allow-popups", "unsafe-none"]);

/** Family X: headers that browsers act on. */
export const headerRules: Rule[] = [
  rule({
    id: "security.W002",
    level: "warning",
    title: "XFrameOptionsMiddleware is missing",
    why: "Other sites can then show yours in a frame and lure visitors into clicking in it.",
    fix: `Add "${FRAMES}" to MIDDLEWARE.`,
    docs: "ref/clickjacking/",
    setting: "MIDDLEWARE",
    message: "XFrameOptionsMiddleware is not in MIDDLEWARE",
    hint: `add "${FRAMES}"`,
    when: (j) => not(hasMiddleware(j, FRAMES)),
  }),
  rule({
    id: "security.W006",
    level: "warning",
    title: "Browsers may guess content types",
    why: "An uploaded text may then run as a script.",
    fix: "Leave SECURE_CONTENT_TYPE_NOSNIFF at True.",
    docs: "ref/settings/#secure-content-type-nosniff",
    setting: "SECURE_CONTENT_TYPE_NOSNIFF",
    message: "SECURE_CONTENT_TYPE_NOSNIFF is not True",
    when: (j) => and(security(j), not(isExactlyTrue(j, "SECURE_CONTENT_TYPE_NOSNIFF"))),
  }),
  rule({
    id: "security.W007",
    level: "warning",
    to: [3, 0],
    title: "The browsers' old XSS filter is off",
    why: "Old browsers block some attacks with it.",
    fix: "Set SECURE_BROWSER_XSS_FILTER = True.",
    setting: "SECURE_BROWSER_XSS_FILTER",
    message: "SECURE_BROWSER_XSS_FILTER is not True",
    when: (j) => and(security(j), not(isExactlyTrue(j, "SECURE_BROWSER_XSS_FILTER"))),
  }),
  rule({
    id: "security.W019",
    level: "warning",
    title: "X_FRAME_OPTIONS is not DENY",
    why: "Pages of the same origin may show this one in a frame.",
    fix: "Set X_FRAME_OPTIONS = 'DENY', unless the site frames itself.",
    docs: "ref/settings/#x-frame-options",
    setting: "X_FRAME_OPTIONS",
    message: "X_FRAME_OPTIONS is not 'DENY'",
    hint: "X_FRAME_OPTIONS = 'DENY'",
    when: (j) =>
      and(
        hasMiddleware(j, FRAMES),
        not(holds(j, setting(j, "X_FRAME_OPTIONS"), (o) => o.t === "str" && o.v === "DENY", "is DENY")),
      ),
  }),
  rule({
    id: "security.W022",
    level: "warning",
    from: [3, 0],
    title: "No referrer policy",
    why: "Addresses of your pages are told to the sites that they link to.",
    fix: "Set SECURE_REFERRER_POLICY = 'same-origin'.",
    docs: "ref/settings/#secure-referrer-policy",
    setting: "SECURE_REFERRER_POLICY",
    message: "SECURE_REFERRER_POLICY is None",
    when: (j) =>
      and(
        security(j),
        holds(j, setting(j, "SECURE_REFERRER_POLICY"), (o) => o.t === "none", "is None"),
      ),
  }),
  rule({
    id: "security.E023",
    level: "error",
    from: [3, 0],
    title: "SECURE_REFERRER_POLICY has an invalid value",
    why: "Browsers ignore a policy that they do not know.",
    fix: "Use one or more of the values that the documentation lists.",
    docs: "ref/settings/#secure-referrer-policy",
    setting: "SECURE_REFERRER_POLICY",
    message: "SECURE_REFERRER_POLICY has a value that no browser knows",
    when: (j) => and(security(j), badPolicy(j)),
  }),
  rule({
    id: "security.E024",
    level: "error",
    from: [4, 0],
    title: "SECURE_CROSS_ORIGIN_OPENER_POLICY has an invalid value",
    why: "Browsers ignore a policy that they do not know.",
    fix: "Use same-origin, same-origin-allow-popups or unsafe-none.",
    docs: "ref/settings/#secure-cross-origin-opener-policy",
    setting: "SECURE_CROSS_ORIGIN_OPENER_POLICY",
    message: "SECURE_CROSS_ORIGIN_OPENER_POLICY has a value that no browser knows",
    when: (j) =>
      and(
        security(j),
        holds(
          j,
          setting(j, "SECURE_CROSS_ORIGIN_OPENER_POLICY"),
          (o) => o.t !== "none" && !(o.t === "str" && OPENER.has(o.v)),
          "is an invalid policy",
        ),
      ),
  }),
];

function badPolicy(j: Judge): Value {
  const value = setting(j, "SECURE_REFERRER_POLICY");
  const bad = (o: Obj): boolean => o.t === "str" && !o.v.split(",").every((p) => REFERRER.has(p.trim()));
  let any = holds(j, value, bad, "is an invalid policy");
  if (!since(j, 3)) return FALSE;
  for (const { item, when } of elements(j, value))
    if (item.t === "str" && !REFERRER.has(item.v)) any = or(any, when);
  return any;
}
