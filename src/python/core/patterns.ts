import { pure } from "../logic/apply.ts";
import { and, or } from "../logic/decide.ts";
import { fact } from "../logic/facts.ts";
import type { Machine } from "../logic/machine.ts";
import { write } from "../logic/scopes.ts";
import type { Obj, Value } from "../logic/values.ts";
import { bool, FALSE, itemsIn, list, MISSING, NONE, TRUE } from "../logic/values.ts";
import { equal } from "../objects/equality.ts";
import { contentOf } from "../objects/items-of.ts";
import { dictGet } from "../objects/methods/dicts.ts";
import type { Stmt } from "../source/parse.ts";
import { evaluate } from "./expressions.ts";

type Pattern = (Stmt & { nodeType: "Match" })["cases"][number]["pattern"];

/** The condition under which a value fits a pattern; binds the names in it. */
export function matches(m: Machine, pattern: Pattern, v: Value): Value {
  switch (pattern.nodeType) {
    case "MatchValue":
      return equal(m, v, evaluate(m, pattern.value));
    case "MatchSingleton": {
      const constant = pattern.value === null ? NONE : bool(pattern.value === true);
      return pure(m, [v], ([o]) => (o?.t === constant.t ? equal(m, o, constant) : FALSE));
    }
    case "MatchAs": {
      const fits = pattern.pattern ? matches(m, pattern.pattern, v) : TRUE;
      if (pattern.name) write(m, m.frame.scope, pattern.name, v);
      return fits;
    }
    case "MatchOr": {
      let any: Value = FALSE;
      for (const p of pattern.patterns) any = or(any, matches(m, p, v));
      return any;
    }
    case "MatchSequence":
      return sequence(m, pattern.patterns, v);
    case "MatchMapping": {
      let all: Value = TRUE;
      for (const [i, k] of pattern.keys.entries()) {
        if (v.t !== "dict")
          return /^(unknown|choice|instance)$/.test(v.t) ? fact(m, "a mapping pattern") : FALSE;
        const item = dictGet(m, v, evaluate(m, k), () => MISSING);
        if (item.t === "missing") return FALSE;
        all = and(all, matches(m, pattern.patterns[i] as Pattern, item));
      }
      return all;
    }
    case "MatchStar":
      return TRUE;
    default:
      return fact(m, "a class pattern");
  }
}

function sequence(m: Machine, patterns: Pattern[], v: Value): Value {
  // Neither sets, views nor iterators are sequences.
  if (v.t === "set" || (v.t === "list" && v.kind && v.kind !== "deque")) return FALSE;
  const content = v.t === "choice" || v.t === "str" ? null : contentOf(v as Obj);
  if (content?.t !== "tuple") return v.t === "str" ? FALSE : fact(m, "a sequence pattern");
  const items = itemsIn(content);
  const star = patterns.findIndex((p) => p.nodeType === "MatchStar");
  if (star < 0 ? items.length !== patterns.length : items.length < patterns.length - 1) return FALSE;
  let all: Value = TRUE;
  for (const [i, p] of patterns.entries()) {
    if (i === star) {
      const named = p.nodeType === "MatchStar" ? p.name : undefined;
      if (named)
        write(m, m.frame.scope, named, list(items.slice(i, items.length - (patterns.length - i - 1)), m.pc));
      continue;
    }
    const at = star >= 0 && i > star ? items.length - (patterns.length - i) : i;
    all = and(all, matches(m, p, items[at] as Value));
  }
  return all;
}
