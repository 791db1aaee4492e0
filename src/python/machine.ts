import { condensed } from "./condensed.ts";
import {
  always,
  and,
  cases,
  combine,
  ite,
  leaves,
  not,
  only,
  or,
  possible,
  prune,
  restrict,
  same,
  single,
  sizeOf,
  support,
  TooManyWorlds,
  toCondition,
} from "./decide.ts";
import { fact } from "./facts.ts";
import type { ParsedModule } from "./parse.ts";
import type { Proof } from "./proofs.ts";
import type { SourceTree } from "./tree.ts";
import type { Class, Frame, Instance, List, ModuleObj, Obj, Place, Scope, Unknown, Value } from "./values.ts";
import { FALSE, MISSING, scope, str, TRUE, unknown } from "./values.ts";

/** A text that a variable of the environment is tried with. */
export interface Tried {
  /** null = it is not set. */
  text: string | null;
  /**
   * `project`: compared with by the settings (or not set). `word`: what casts know, `True`. `made-up`: an example that
   * stands for any text of its kind: it may decide what is found, and may never be told.
   */
  origin: "project" | "word" | "made-up";
}

/** A fact about the outside that the settings depend on. */
export type Variable =
  | { kind: "env"; name: string; values: Tried[] }
  /** True or false, we do not know which; `from`: the variables it hides, if it hides any. */
  | { kind: "fact"; reason: string; from: ReadonlySet<number> };

export interface EnvRead {
  name: string;
  place: Place;
  /** Python text of what is used when unset; null = nothing. */
  default: string | null;
  cast: string | null;
}

export interface Handler {
  caught: { when: Value; error: Instance }[];
  /** It may catch what we do not follow: who raised nothing that we know of may still end up there. */
  guards: boolean;
  /** The statement being executed, and the worlds of which it is said already that it may raise in them. */
  doubted: { statement: number; worlds: Value };
}

export interface Death {
  /** By a raise statement of a module's own level: nothing that we might have followed wrongly. */
  plain: boolean;
  when: Value;
  error: Instance;
  place: Place;
}

/** The state of one evaluation. */
export interface Machine {
  tree: SourceTree;
  files: Set<string>;
  folders: Set<string>;
  /** Folder of manage.py, "" for the top. */
  root: string;
  settingsModule: string;
  python: [number, number];
  djangoVersion: string;
  /** Condition of the worlds that execute the current statement. */
  pc: Value;
  /** Values of single variables with which the settings have not failed to load; most failures are about one. */
  allowed: Map<number, number>;
  /** Conditions about several variables of not having failed; no two share a variable. */
  survivors: { about: Set<number>; when: Value }[];
  /** No world is left. */
  dead: boolean;
  /** Values of variables as they come from outside, made once. */
  outside: Map<string, Value>;
  handlers: Handler[];
  variables: Variable[];
  byName: Map<string, number>;
  given: Record<string, string>;
  provided: Set<string>;
  /** Texts worth trying as values of a variable, found by what it is compared with. */
  interesting: Map<string, Map<string, Tried>>;
  grown: boolean;
  /** Variables the settings themselves have set. */
  environment: Scope;
  reads: EnvRead[];
  modules: Map<string, { module: ModuleObj; loaded: Value }>;
  builtins: Map<string, Value>;
  exceptions: Map<string, Class>;
  deaths: Death[];
  parsed: Map<string, ParsedModule>;
  /** Files of the project that were executed, in order. */
  executed: string[];
  pythonFolders: Map<string, boolean>;
  /** sys.path: where imports look. */
  sysPath: List;
  problems: { file: string; line: number; column: number; message: string }[];
  /** Star imports from outside the project are taken to bring no setting that the project's own files have. */
  trusting: boolean;
  /** Calls we could not follow, imports not found: what rules and reasons are made of. */
  notes: { kind: string; what: string; place: Place; when: Value }[];
  /** Loops being executed, innermost last. */
  loops: { broken: Value; continued: Value }[];
  /** A raise statement is being executed. */
  raising: boolean;
  /** Exceptions being handled, innermost last. */
  current: Instance[];
  here: Place;
  frame: Frame;
  /** Frames of the project that have called into a modelled library. */
  callers: Frame[];
  /** Files that the settings themselves have written, by absolute path. */
  written: Scope;
  /** Whether a path outside the repository exists on the host. */
  hostFiles: Map<string, Value>;
  depth: number;
  /** How many leaf functions of `pure` are being executed: what raises in one raises for its leaves only. */
  nested: number;
  steps: number;
  /** Counts the statements as they are executed. */
  statement: number;
  /** How often something unknown may have raised. */
  doubts: number;
  /** Lower-case names of declared packages; null = not known. */
  packages: Set<string> | null;
}

export const MAX_STEPS = 400_000;
export const MAX_DEPTH = 60;
/** Each splits the worlds in two; what goes on like that, in a loop, is not followed. */
const MAX_DOUBTS = 100;

/** Evaluation has gone on for too long; everything not decided by then is unknown. */
export class OutOfSteps extends Error {}

/** A Python exception on its way through natives; becomes a Raised leaf. */
export class PyRaise extends Error {
  readonly error: Instance;
  constructor(error: Instance) {
    super("raised");
    this.error = error;
  }
}

/** What Python does here is not modelled: a value that is not known, or an exception that is not. */
export class NotModelled extends Error {
  readonly as: Unknown;
  constructor(as: Unknown) {
    super("not modelled");
    this.as = as;
  }
}

/** The third outcome beside a value and an exception: Python goes on in some way that nobody models here. */
export function gap(reason: string, facts: Partial<Omit<Unknown, "t" | "id">> = {}): never {
  throw new NotModelled(unknown(reason, facts));
}

export function makeError(m: Machine, cls: string, message: string): Instance {
  const found = m.exceptions.get(cls) ?? (m.exceptions.get("Exception") as Class);
  return { t: "instance", cls: found, scope: scope(), id: 0, message: str(message), ours: true };
}

/**
 * Exceptions that who models an operation raises by looking at the values. TypeError, AttributeError and NameError are
 * not among them: they are what a row missing in a table of ours looks like, and need a proof.
 */
export type Modelled =
  | "KeyError"
  | "IndexError"
  | "ValueError"
  | "ZeroDivisionError"
  | "OverflowError"
  | "StopIteration"
  | "UnicodeDecodeError"
  | "UnicodeEncodeError"
  | "JSONDecodeError"
  | "TOMLDecodeError"
  | "YAMLError"
  | "FileNotFoundError"
  | "FileExistsError"
  | "ModuleNotFoundError"
  | "ImportError"
  | "SyntaxError"
  | "SystemExit";

/** Raises a built-in exception for the leaves in hand. */
export function raise(m: Machine, cls: Modelled, message: string): never {
  throw new PyRaise(makeError(m, cls, message));
}

/** Raises what CPython certainly raises here: `proof` is from proofs.ts; without one the operation is not modelled. */
export function raiseProven(
  m: Machine,
  proof: Proof | null,
  cls: "TypeError" | "AttributeError",
  message: string,
): never {
  if (!proof) return gap(message);
  throw new PyRaise(makeError(m, cls, message));
}

/** What the value can be in the worlds that are being executed. */
export function narrow(m: Machine, v: Value): Value {
  if (v.t !== "choice") return v;
  return restrict(living(m, v), m.pc);
}

/** A value without the worlds in which the settings have failed. */
export function living(m: Machine, v: Value): Value {
  let out = prune(v, m.allowed);
  for (const { about, when } of m.survivors) {
    if (out.t !== "choice") return out;
    for (const at of support(out))
      if (about.has(at)) {
        out = restrict(out, when);
        break;
      }
  }
  return out;
}

/** The worlds of `when` have failed for good. */
function die(m: Machine, when: Value): void {
  const one = single(when);
  if (one) {
    const left = (m.allowed.get(one.at) ?? 0x7fffffff) & ~one.mask;
    m.allowed.set(one.at, left);
    if (left === 0) m.dead = true;
    // Else what is known of several variables speaks of values that are ruled out, and conditions stop cancelling out.
    for (const s of m.survivors) if (s.about.has(one.at)) s.when = prune(s.when, m.allowed);
    return;
  }
  let left = prune(not(when), m.allowed);
  const about = new Set(support(left));
  const apart: Machine["survivors"] = [];
  for (const s of m.survivors) {
    if (![...s.about].some((at) => about.has(at))) apart.push(s);
    else {
      left = and(left, s.when);
      for (const at of s.about) about.add(at);
    }
  }
  if (!possible(left)) m.dead = true;
  m.survivors = [...apart, { about, when: left }];
}

/**
 * The condition of not having failed, as far as it is about the given variables. That of all variables would be a
 * product of conditions that have nothing to do with each other.
 */
export function aliveAbout(m: Machine, variables: ReadonlySet<number>): Value {
  if (m.dead) return FALSE;
  let all: Value = TRUE;
  const asked = new Set(variables);
  for (const { about, when } of m.survivors)
    if ([...about].some((at) => variables.has(at))) {
      all = and(all, when);
      for (const at of about) asked.add(at);
    }
  for (const [at, mask] of m.allowed) if (asked.has(at)) all = and(all, only(at, mask));
  return all;
}

/** Raises in the worlds of `when`: to the nearest handler, or the end of these worlds. */
export function raiseWhere(m: Machine, when: Value, error: Instance): void {
  const all = and(m.pc, when);
  // The path condition says nothing about worlds that have failed before: they do not fail again.
  const hit = all.t === "choice" ? and(all, aliveAbout(m, support(all))) : all;
  if (!possible(hit)) return;
  const handler = m.handlers.at(-1);
  if (handler) handler.caught.push({ when: hit, error });
  else if (isUnknownError(error)) die(m, hit);
  else {
    m.deaths.push({ plain: m.depth === 0 && m.raising, when: hit, error, place: m.here });
    die(m, hit);
  }
  m.pc = and(m.pc, not(when));
  if (!handler) m.pc = simplified(m, m.pc);
}

/** Applies a function without side effects to every combination of leaves; PyRaise ends those worlds. */
export function pure(m: Machine, values: Value[], fn: (leaves: Obj[]) => Value): Value {
  if (!possible(m.pc)) return unknown("never executed");
  const narrowed = values.map((v) => narrow(m, v));
  let raised = false;
  const leaf = (found: Obj[]): Value => {
    const before = found.find((o) => o.t === "raised" || o.t === "notFollowed");
    if (before) {
      raised = true;
      return before;
    }
    m.nested++;
    try {
      const made = fn(found);
      raised ||= made.t === "raised" || made.t === "notFollowed" || made.t === "choice";
      return made;
    } catch (e) {
      raised = true;
      if (e instanceof PyRaise) return { t: "raised", error: e.error };
      if (e instanceof NotModelled) return { t: "notFollowed", as: e.as };
      throw e;
    } finally {
      m.nested--;
    }
  };
  let result: Value;
  if (narrowed.every((v) => v.t !== "choice")) {
    const only = leaf(narrowed as Obj[]);
    return raised ? bounded(settle(m, only)) : only;
  }
  try {
    result = combine(narrowed, leaf);
  } catch (e) {
    if (!(e instanceof TooManyWorlds)) throw e;
    const lost = tooMany(narrowed);
    if (m.nested === 0) mayRaise(m, TRUE, lost);
    return lost;
  }
  return bounded(raised ? settle(m, result) : result);
}

/** Takes raised leaves out of a result and raises them; what is not followed becomes unknown. */
export function settle(m: Machine, result: Value): Value {
  if (m.nested > 0) {
    // The worlds are those of the leaves at hand, which only the outer call knows.
    if (result.t === "raised") throw new PyRaise(result.error);
    if (result.t === "notFollowed") throw new NotModelled(result.as);
    return result;
  }
  const errors: Instance[] = [];
  const lost: Unknown[] = [];
  for (const leaf of leaves(result)) {
    if (leaf.t === "raised" && !errors.includes(leaf.error)) errors.push(leaf.error);
    if (leaf.t === "notFollowed") lost.push(leaf.as);
  }
  if (errors.length === 0 && lost.length === 0) return result;
  const fine = toCondition(result, (leaf) => leaf.t !== "raised");
  for (const error of errors)
    raiseWhere(
      m,
      toCondition(result, (leaf) => leaf.t === "raised" && leaf.error === error),
      error,
    );
  if (!possible(fine)) return unknown("never executed");
  const left = restrict(result, fine);
  if (lost.length === 0) return left;
  const first = lost[0] as Unknown;
  mayRaise(
    m,
    toCondition(left, (leaf) => leaf.t === "notFollowed"),
    first,
  );
  return combine([left], ([leaf]) => (leaf?.t === "notFollowed" ? leaf.as : (leaf as Obj)));
}

/** Is there a handler around that may catch what is raised where we do not follow? */
export const isGuarded = (m: Machine): boolean => m.handlers.some((h) => h.guards);

/**
 * What is not known may also raise something that is not known: where a handler would see it, both continuations are
 * followed. Where none does, the settings do not load in these worlds, and nothing is to be said of them.
 */
export function mayRaise(m: Machine, when: Value, what: Unknown): void {
  if (m.nested > 0 || !isGuarded(m)) return;
  const inner = m.handlers.at(-1) as Handler;
  if (inner.doubted.statement !== m.statement) inner.doubted = { statement: m.statement, worlds: FALSE };
  const hit = simplified(m, and(and(m.pc, when), not(inner.doubted.worlds)));
  if (!possible(hit)) return;
  inner.doubted.worlds = or(inner.doubted.worlds, hit);
  if (++m.doubts > MAX_DOUBTS) throw new OutOfSteps();
  raiseWhere(m, and(hit, fact(m, what.reason, what.from)), unknownError(what));
}

/** An exception of which nothing is known, not even its class. */
export function unknownError(what: Unknown): Instance {
  const cls: Class = { t: "class", name: "Exception", bases: [], unknownBase: what, scope: scope() };
  return { t: "instance", cls, scope: scope(), id: 0, message: unknown(what.reason, { type: "str" }) };
}

export const isUnknownError = (error: Instance): boolean =>
  error.cls.unknownBase !== null && error.cls.bases.length === 0 && error.cls.name === "Exception";

const MAX_LEAVES = 80;
const MAX_SEQUENCES = 16;

/** A value with too many cases becomes one that is not known, but of which we know the variables it comes from. */
export function bounded(v: Value): Value {
  if (v.t !== "choice") return v;
  const all = leaves(v);
  const few = all.length <= MAX_LEAVES && sizeOf(v) <= MAX_LEAVES * 6;
  if (few && all.length <= MAX_SEQUENCES) return v;
  const one = all.every((o) => o.t === "tuple") ? condensed(v) : null;
  return one ?? (few ? v : tooMany([v]));
}

export function tooMany(values: Value[]): Unknown {
  const from = new Set<number>();
  const types = new Set<string>();
  for (const v of values) {
    for (const at of support(v)) from.add(at);
    for (const leaf of leaves(v)) {
      types.add(leaf.t);
      if (leaf.t === "unknown") for (const x of leaf.from ?? []) from.add(x);
    }
  }
  const type = types.size === 1 && types.has("str") ? { type: "str" } : {};
  return unknown("it is put together from several variables", { from, ...type });
}

/** Applies a function with side effects to each leaf, in its own worlds; PyRaise ends them. */
export function each(m: Machine, v: Value, fn: (leaf: Obj) => Value): Value {
  const start = m.pc;
  if (!possible(start)) return unknown("never executed");
  const { nested } = m;
  m.nested = 0;
  try {
    return eachCase(m, narrow(m, v), fn);
  } finally {
    m.nested = nested;
  }
}

function eachCase(m: Machine, narrowed: Value, fn: (leaf: Obj) => Value): Value {
  const start = m.pc;
  if (narrowed.t !== "choice") return attempt(m, () => fn(narrowed));
  let result: Value | null = null;
  let end: Value = FALSE;
  for (const { leaf, when } of cases(narrowed)) {
    m.pc = and(start, when);
    if (!possible(m.pc)) continue;
    const value = attempt(m, () => fn(leaf));
    if (!possible(m.pc)) continue;
    result = result === null ? value : ite(when, value, result);
    end = or(end, m.pc);
  }
  m.pc = simplified(m, end);
  return bounded(result ?? unknown("never executed"));
}

/** Runs something that may throw a PyRaise, which then ends the current worlds, or that may not be modelled. */
export function attempt(m: Machine, fn: () => Value): Value {
  try {
    return fn();
  } catch (e) {
    // Within `pure` only the outer call knows the worlds.
    if (m.nested > 0) throw e;
    if (e instanceof NotModelled) {
      mayRaise(m, TRUE, e.as);
      return e.as;
    }
    if (!(e instanceof PyRaise)) throw e;
    raiseWhere(m, TRUE, e.error);
    return unknown("never executed");
  }
}

/** A condition without the distinctions that only matter to worlds that have failed. */
export function simplified(m: Machine, c: Value): Value {
  if (c.t !== "choice") return m.dead ? FALSE : c;
  return m.dead ? FALSE : living(m, c);
}

/** Assigns a name in the worlds being executed. */
export function write(m: Machine, into: Scope, name: string, v: Value): void {
  const when = relative(m, into.born);
  const old = into.slots.get(name) ?? MISSING;
  into.slots.set(name, always(when) ? v : bounded(ite(when, v, old)));
  if (into.places) {
    const place = into.places.get(name) ?? m.here;
    into.places.set(name, always(when) ? m.here : ite(when, m.here, place));
  }
}

/** The path condition as seen from inside the worlds where something was made. */
export function relative(m: Machine, born: Value): Value {
  if (m.pc === born) return TRUE;
  const seen = simplified(m, restrict(m.pc, born));
  return same(seen, simplified(m, born)) ? TRUE : seen;
}

export function step(m: Machine): void {
  if (++m.steps > MAX_STEPS) throw new OutOfSteps();
}

/** A note for rules and reasons. */
export function note(m: Machine, kind: string, what: string): void {
  if (m.notes.length < 2000) m.notes.push({ kind, what, place: m.here, when: m.pc });
}

/** The value of a name in a scope, MISSING where it is not set. */
export function read(m: Machine, from: Scope, name: string): Value {
  return narrow(m, from.slots.get(name) ?? MISSING);
}

/** Something unknown may have set any name of a scope: none of them is certain any more. */
export function forgetScope(m: Machine, into: Scope, reason: string): void {
  const lost = unknown(reason);
  for (const name of into.slots.keys()) if (/^[A-Z]/.test(name)) write(m, into, name, lost);
  into.slots.set("\0open", lost);
}
