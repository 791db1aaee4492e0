import { and, restrict, single } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE } from "../../python/logic/values.ts";
import { STRONG } from "../../python/outside/variables.ts";
import { codeOf } from "../code.ts";
import { elements, hasApp, holds, isTruthy, type Judge, not, or, setting, within } from "../judge.ts";
import { someText } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { rule } from "../simple.ts";
import { placeOf, verdictOf } from "../verdict.ts";

const debugOn = (j: Judge): Value => isTruthy(j, "DEBUG");
const debugIsText = (j: Judge): Value => holds(j, setting(j, "DEBUG"), (o) => o.t === "str", "is text");

/** Family D, what lies around DEBUG: how it gets on, and what else development leaves behind. */
export const debugMoreRules: Rule[] = [
  rule({
    id: "djdeploy.debug-default-on",
    level: "error",
    setting: "DEBUG",
    title: "DEBUG is on while its variable is not set",
    why: "A host on which the variable was forgotten shows its settings and code to everyone.",
    fix: 'Let the default be off: DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true").',
    partOf: "security.W018",
    when: (j) => {
      const verdict = verdictOf(j.evaluation, debugOn(j));
      return verdict?.certainty === "depends" && verdict.whenUnset ? debugOn(j) : FALSE;
    },
  }),
  rule({
    id: "djdeploy.debug-typo-on",
    level: "warning",
    setting: "DEBUG",
    title: "A typing error in a variable turns DEBUG on",
    why: "DEBUG is on for every value but the expected one, so a misspelt value exposes the site.",
    fix: 'Compare with the value that turns it on: DEBUG = os.environ.get("ENV") == "development".',
    partOf: "security.W018",
    when: (j) => (onByAnyOther(j) ? and(debugOn(j), not(debugIsText(j))) : FALSE),
  }),
  {
    id: "djdeploy.debug-overridden",
    level: "error",
    title: "DEBUG = False is overridden later",
    why: "What comes after the line, a star import for instance, turns DEBUG on again.",
    fix: "Put the imports first and DEBUG = False after them.",
    docs: "ref/settings/#debug",
    partOf: "security.W018",
    sharper: true,
    check: overridden,
  },
  {
    id: "djdeploy.template-loaders-uncached",
    level: "warning",
    title: "Templates are read anew for every page",
    why: "Django caches templates by itself; naming the loaders by hand turns that off.",
    fix: 'Remove "loaders" from the OPTIONS of TEMPLATES (and set APP_DIRS = True), or wrap them in cached.Loader.',
    docs: "ref/templates/api/#template-loaders",
    check: (j) =>
      elements(j, setting(j, "TEMPLATES")).map(({ item, when }) => ({
        when: and(when, uncached(j, within(j, item, "OPTIONS", "loaders"))),
        setting: "TEMPLATES",
        message:
          "TEMPLATES names its loaders by hand, without the cached one: every page reads its templates",
      })),
  },
  rule({
    id: "djdeploy.internal-ips-open",
    level: "warning",
    setting: "INTERNAL_IPS",
    title: "The debug toolbar is shown to everyone",
    why: "INTERNAL_IPS or the toolbar's callback says yes to every address.",
    fix: "Install the toolbar under `if DEBUG` only.",
    when: (j) =>
      and(
        hasApp(j, "debug_toolbar"),
        or(
          holds(j, setting(j, "INTERNAL_IPS"), (o) => o.t === "instance", "is for every address"),
          alwaysShown(j),
        ),
      ),
  }),
];

/** DEBUG rests on one variable, and is on for words that nobody has thought of, but not for all. */
function onByAnyOther(j: Judge): boolean {
  const one = single(restrict(debugOn(j), j.evaluation.alive));
  const variable = one ? j.evaluation.variables[one.at] : undefined;
  if (!one || variable?.kind !== "env") return false;
  const on = (i: number): boolean => (one.mask & (1 << i)) !== 0;
  const strange = ["www.example.com", STRONG].map((v) => variable.values.findIndex(({ text }) => text === v));
  const calm = variable.values.some(({ text }, i) => text !== null && text !== "" && !on(i));
  return calm && strange.every((i) => i >= 0 && on(i));
}

function overridden(j: Judge): Check[] {
  const decided = placeOf(j.evaluation, "DEBUG", debugOn(j));
  const off = codeOf(j).find(({ file, node, always }) => {
    const s = node as unknown as { targets?: { id?: string }[]; value?: { value?: unknown } };
    return (
      always &&
      file === j.evaluation.file &&
      node.nodeType === "Assign" &&
      s.targets?.[0]?.id === "DEBUG" &&
      s.value?.value === false
    );
  });
  if (verdictOf(j.evaluation, debugOn(j))?.certainty !== "certain") return [];
  if (!off || !decided || (decided.file === off.file && decided.line <= off.node.lineno)) return [];
  return [
    {
      when: debugOn(j),
      setting: "DEBUG",
      message: `DEBUG is on: DEBUG = False in line ${off.node.lineno} of ${off.file} is overridden afterwards`,
      hint: "put DEBUG = False after the imports",
    },
  ];
}

/** Loaders are given, known, and none of them is the cached one. */
function uncached(j: Judge, loaders: Value): Value {
  const cached = (name: string): boolean => /cached\.Loader$|locmem\.Loader$/.test(name);
  return holds(
    j,
    loaders,
    (o) => {
      if (o.t !== "list" && o.t !== "tuple") return false;
      const items = elements(j, o);
      const known = items.every(({ item }) => item.t === "str");
      return known && items.length > 0 ? not(someText(j, o, cached)) : false;
    },
    "has no cached loader",
  );
}

function alwaysShown(j: Judge): Value {
  const callback = within(j, setting(j, "DEBUG_TOOLBAR_CONFIG"), "SHOW_TOOLBAR_CALLBACK");
  return holds(
    j,
    callback,
    (o) => {
      if (o.t !== "func" || Array.isArray(o.node.body)) return false;
      return o.node.body.nodeType === "Constant" && o.node.body.value === true;
    },
    "says yes to everyone",
  );
}
