import { each, mayRaise, pure } from "../logic/apply.ts";
import { compact, elementsOf, type Maybe } from "../logic/condensed.ts";
import { and, leaves, not, or, possible, support } from "../logic/decide.ts";
import { fact } from "../logic/facts.ts";
import type { Machine } from "../logic/machine.ts";
import { scopeFor, write } from "../logic/scopes.ts";
import { step } from "../logic/steps.ts";
import type { Dict, Frame, List, Obj, Value } from "../logic/values.ts";
import { FALSE, itemsIn, MISSING, NONE, TRUE, tuple, unknown } from "../logic/values.ts";
import { narrow, simplified, widened } from "../logic/worlds.ts";
import { itemsOrRaise } from "../objects/iterate.ts";
import { setContent } from "../objects/list-content.ts";
import { truthOf } from "../objects/operators/by-method.ts";
import { CHANGED, isChanged, readsOf } from "../objects/reads.ts";
import type { Stmt } from "../source/parse.ts";
import { walk } from "../source/walk.ts";
import { assign } from "./assign.ts";
import { evaluate } from "./expressions.ts";

export function executeFor(m: Machine, node: Stmt & { nodeType: "For" }): void {
  const over = evaluate(m, node.iter);
  const source = compact(itemsOrRaise(m, over));
  let broken: Value = FALSE;
  const touched = touches(m, over);
  each(m, source, (c) => {
    const items = itemsIn(c);
    for (const item of items) {
      if (!possible(m.pc)) break;
      step(m);
      const loop = { broken: FALSE as Value, continued: FALSE as Value };
      m.loops.push(loop);
      const among = elementsOf(item);
      if (among) eachOf(m, node, among);
      else if (item.t === "unknown" && item.splat)
        anyTimes(m, node.body, item.reason, () => assign(m, node.target, unknown(item.reason)));
      else {
        assign(m, node.target, narrow(m, item));
        m.core.execute(m, node.body);
      }
      const changed = possible(m.pc) && touched();
      // What is looped over was changed on the way: nobody knows what comes next.
      if (changed) mayRaise(m, TRUE, unknown(CHANGED));
      if (changed) anyTimes(m, node.body, CHANGED, () => assign(m, node.target, unknown(CHANGED)));
      m.loops.pop();
      broken = or(broken, loop.broken);
      m.pc = simplified(m, or(m.pc, loop.continued));
      if (changed) break;
    }
    return NONE;
  });
  if (possible(m.pc) && !possible(broken))
    for (const o of leaves(over)) if (o.t === "list" && o.once) setContent(m, o, tuple([]));
  m.core.execute(m, node.orelse);
  m.pc = simplified(m, or(m.pc, broken));
}

/** Tells whether what is looped over is another one than at first; of an iterator nobody knows what is left. */
function touches(m: Machine, over: Value): () => boolean {
  for (const o of leaves(over))
    if (o.t === "list" && o.once)
      setContent(m, o, tuple([unknown("what is left of an iterator", { splat: true })]));
  const reads = readsOf([over]);
  return () => isChanged(reads);
}

/** Elements that are not there in every world: each runs the body in its own. */
function eachOf(m: Machine, node: Stmt & { nodeType: "For" }, among: readonly Maybe[]): void {
  for (const { item, when } of among) {
    const rest = and(m.pc, not(when));
    m.pc = simplified(m, and(m.pc, when));
    if (possible(m.pc)) {
      assign(m, node.target, narrow(m, item));
      m.core.execute(m, node.body);
      const loop = m.loops.at(-1);
      if (loop) {
        m.pc = or(m.pc, loop.continued);
        loop.continued = FALSE;
      }
    }
    m.pc = simplified(m, or(m.pc, rest));
    if (!possible(m.pc)) return;
  }
}

const MAX_ROUNDS = 2000;

export function executeWhile(m: Machine, node: Stmt & { nodeType: "While" }): void {
  let out: Value = FALSE;
  let broken: Value = FALSE;
  const before = m.variables.length;
  for (let round = 0; possible(m.pc); round++) {
    const when = truthOf(m, evaluate(m, node.test));
    const start = m.pc;
    out = or(out, and(start, not(when)));
    m.pc = simplified(m, and(start, when));
    if (!possible(m.pc)) break;
    const loop = { broken: FALSE as Value, continued: FALSE as Value };
    m.loops.push(loop);
    const endless =
      round > MAX_ROUNDS ||
      (round > 12 && when.t === "choice") ||
      ((round > 0 || m.loose > 0) && asksAnew(m, before));
    if (endless) anyTimes(m, node.body, "a loop whose end is not known", () => undefined);
    else m.core.execute(m, node.body);
    m.loops.pop();
    broken = or(broken, loop.broken);
    m.pc = simplified(m, or(m.pc, loop.continued));
    if (endless) break;
  }
  m.pc = simplified(m, or(out, m.pc));
  m.core.execute(m, node.orelse);
  m.pc = simplified(m, or(m.pc, broken));
}

/** Does it hang on facts that the loop itself has asked for, whether it still runs? Each round would ask for more. */
const asksAnew = (m: Machine, before: number): boolean =>
  [...support(m.pc)].some((at) => at >= before && m.variables[at]?.kind === "fact");

/** A body that runs we do not know how often: once under a condition, then what it assigns is unknown. */
function anyTimes(m: Machine, body: Stmt[], reason: string, before: () => void): void {
  const start = m.pc;
  const runs = fact(m, reason);
  const left = leavers(m);
  m.pc = and(start, runs);
  const changed = changesOf(m, body);
  m.loose++;
  try {
    before();
    m.core.execute(m, body);
  } finally {
    m.loose--;
  }
  m.pc = and(start, runs);
  if (m.loose > 0) m.pc = widened(m);
  changed(reason);
  // A later turn may do what the first does not, from what that has left: bind other names, and raise.
  for (const name of assignedNames(body)) write(m, scopeFor(m, name), name, unknown(reason));
  mayRaise(m, TRUE, unknown(reason));
  m.pc = simplified(m, and(start, not(left())));
}

/** Tells which worlds have returned, left the loop or the round, or raised to a handler since it was made. */
function leavers(m: Machine): () => Value {
  const { frame } = m;
  const loop = m.loops.at(-1);
  const handler = m.handlers.at(-1);
  const old = {
    done: frame.done,
    broken: loop?.broken ?? FALSE,
    continued: loop?.continued ?? FALSE,
    caught: handler?.caught.length ?? 0,
  };
  return () => {
    let left = and(frame.done, not(old.done));
    if (loop) {
      left = or(left, and(loop.broken, not(old.broken)));
      left = or(left, and(loop.continued, not(old.continued)));
    }
    for (const { when } of handler?.caught.slice(old.caught) ?? []) left = or(left, when);
    return left;
  };
}

/** Remembers what the names in a body hold; what has changed is then known only as far as it was there before. */
function changesOf(m: Machine, body: Stmt[]): (reason: string) => void {
  const lists = new Map<List, Value>();
  const dicts = new Map<Dict, Map<string, Value>>();
  const see = (given: Value | undefined, depth: number): void => {
    if (given && depth <= 3) for (const v of leaves(given)) seeOne(v, depth);
  };
  const seeOne = (v: Obj, depth: number): void => {
    if (v.t === "list" || v.t === "set") {
      lists.set(v, v.content);
      for (const item of itemsIn(v.content)) see(item, depth + 1);
    } else if (v.t === "dict" && !v.scope.places) {
      dicts.set(v, new Map(v.scope.slots));
      for (const item of v.scope.slots.values()) see(item, depth + 1);
    }
  };
  for (const name of loadedNames(body))
    for (let f: Frame | null = m.frame; f; f = f.parent) see(f.scope.slots.get(name), 0);
  return (reason) => {
    for (const [v, content] of lists)
      if (v.content !== content) v.content = loosened(m, content, v.content, reason);
    for (const [d, slots] of dicts) loosenDict(m, d, slots, reason);
  };
}

function loosened(m: Machine, before: Value, after: Value, reason: string): Value {
  return pure(m, [before, after], ([b, a]) => {
    const [old, now] = [itemsIn(b), itemsIn(a)];
    let same = 0;
    while (same < old.length && same < now.length && old[same] === now[same]) same++;
    if (same === old.length && same === now.length) return a as Value;
    const kept = same === old.length ? old : [];
    return tuple([...kept, unknown(reason, { splat: true })]);
  });
}

function loosenDict(m: Machine, d: Dict, before: Map<string, Value>, reason: string): void {
  const changed = [...d.scope.slots].filter(([k, v]) => before.get(k) !== v);
  const isGone = [...before.keys()].some((k) => !d.scope.slots.has(k));
  if (changed.length === 0 && !isGone) return;
  d.open ??= unknown(reason);
  // What one turn has taken out is known to be there no more; another may have put it in again.
  for (const [k, v] of changed)
    write(m, d.scope, k, leaves(v).some((o) => o.t === "missing") ? MISSING : unknown(reason));
}

function loadedNames(body: Stmt[]): Set<string> {
  const found = new Set<string>();
  for (const { node } of walk(body))
    if (node.nodeType === "Name" && node.ctx?.nodeType === "Load") found.add(node.id);
  return found;
}

export function assignedNames(body: Stmt[], into: Set<string> = new Set()): Set<string> {
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (Array.isArray(node)) {
      for (const n of node) visit(n);
      return;
    }
    const n = node as { nodeType?: string; id?: string; ctx?: { nodeType: string } };
    if (n.nodeType === "FunctionDef" || n.nodeType === "Lambda") return;
    if (n.nodeType === "Name" && n.id && n.ctx?.nodeType === "Store") into.add(n.id);
    for (const child of Object.values(node)) visit(child);
  };
  visit(body);
  return into;
}
