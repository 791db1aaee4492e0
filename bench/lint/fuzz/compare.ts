import { study } from "../../../src/lint/engine.ts";
import type { LintResult } from "../../../src/lint/index.ts";
import type { Evaluation } from "../../../src/python/evaluate.ts";
import { keyObject } from "../../../src/python/logic/keys.ts";
import type { Obj, Value } from "../../../src/python/logic/values.ts";
import { numberText } from "../../../src/python/objects/text.ts";
import { recordTree } from "../../../src/python/source/tree.ts";
import type { Outcome, Shown } from "./worker.ts";

/** What the lint and its evaluator say of a module. */
export interface Ours {
  evaluation: Evaluation;
  result: LintResult;
}

/** An environment, and for each variable that was read the number of its value among those that were tried. */
export interface World {
  environment: Record<string, string>;
  values: Map<number, number>;
}

export interface Contradiction {
  kind: "value" | "exception" | "pass" | "certain" | "crash";
  what: string;
}

export function judge(text: string): Ours {
  const { judge, result } = study({
    files: recordTree({ "m.py": text }),
    settingsModule: "m",
    djangoVersion: "5.2",
    ignore: {},
  });
  return { evaluation: judge.evaluation, result };
}

/** Environments in which the evaluator has looked: nothing set, then values it has tried, by a number for each. */
export function worldsOf(e: Evaluation, picks: number[]): World[] {
  return [0, ...picks].map((pick, n) => {
    const world: World = { environment: {}, values: new Map() };
    let left = pick;
    for (const [at, v] of e.variables.entries()) {
      if (v.kind !== "env") continue;
      left = (left * 1103515245 + 12345) & 0x7fffffff;
      const usable = v.values.flatMap((x, i) =>
        x.text === null || (isName(v.name) && !x.text.includes("\0")) ? [i] : [],
      );
      const unset = v.values.findIndex(({ text }) => text === null);
      const i = n === 0 && unset >= 0 ? unset : (usable[(left >> 8) % usable.length] ?? unset);
      const value = v.values[i]?.text;
      world.values.set(at, i);
      if (typeof value === "string") world.environment[v.name] = value;
    }
    return world;
  });
}

const isName = (name: string): boolean => name !== "" && !/[=\0]/.test(name);

/** Everything a value may be in a world: what is not known may go either way. Choices are shared: each is looked at once. */
function leavesIn(e: Evaluation, v: Value, world: World): Obj[] {
  const seen = new Set<Value>();
  const found: Obj[] = [];
  const look = (at: Value): void => {
    if (seen.has(at)) return;
    seen.add(at);
    if (at.t !== "choice") {
      found.push(at);
      return;
    }
    const variable = e.variables[at.at];
    const value = variable?.kind === "env" ? world.values.get(at.at) : undefined;
    for (const edge of at.edges) if (value === undefined || edge.mask & (1 << value)) look(edge.to);
  };
  look(v);
  return found;
}

/** Do the settings certainly not load in a world? */
function isDead(e: Evaluation, world: World): boolean {
  const { machine: m } = e;
  if (m.dead) return true;
  for (const [at, value] of world.values)
    if (!((m.allowed.get(at) ?? 0x7fffffff) & (1 << value))) return true;
  return m.survivors.some(({ when }) => leavesIn(e, when, world).every((o) => o.t === "bool" && !o.v));
}

/** Where what we say of a module contradicts what CPython does in the worlds. */
export function contradictions(
  { evaluation: e, result }: Ours,
  worlds: World[],
  outcomes: Outcome[],
): Contradiction[] {
  const found: Contradiction[] = [];
  if (e.exhausted) return found;
  for (const [i, world] of worlds.entries()) {
    const outcome = outcomes[i];
    if (!outcome?.names) continue;
    const where = `with ${JSON.stringify(world.environment)}`;
    if (isDead(e, world)) {
      const death = e.deaths.at(-1);
      found.push({
        kind: "exception",
        what: `${death?.error.cls.name} at line ${death?.place.line} ${where}`,
      });
      continue;
    }
    found.push(
      ...differences(e, world, outcome.names).map((what) => ({
        kind: "value" as const,
        what: `${what} ${where}`,
      })),
    );
    found.push(...verdicts(result, outcome).map(({ kind, what }) => ({ kind, what: `${what} ${where}` })));
  }
  return found;
}

function differences(e: Evaluation, world: World, names: Record<string, Shown>): string[] {
  const out: string[] = [];
  for (const name of new Set([...e.settings.keys(), ...Object.keys(names)])) {
    const truth = names[name];
    const own = e.settings.get(name);
    if (!own && e.open) continue;
    const all: Obj[] = own ? leavesIn(e, own.value, world) : [{ t: "missing" }];
    const fits = all.some((o) =>
      o.t === "missing" ? truth === undefined : o.t === "unknown" || (truth && matches(e, o, truth, world)),
    );
    if (!fits)
      out.push(
        `${name} is ${JSON.stringify(truth)}, not ${all
          .slice(0, 3)
          .map((o) => describe(o))
          .join(" or ")}`,
      );
  }
  return out;
}

/** A value for the eyes of who reads a contradiction. */
function describe(o: Obj, depth = 0): string {
  const inner = (v: Value): string => (v.t === "choice" || depth > 3 ? "…" : describe(v, depth + 1));
  if ("v" in o) return `${o.t} ${JSON.stringify(o.v)}`;
  if (o.t === "tuple") return `(${o.items.slice(0, 5).map(inner).join(", ")})`;
  if (o.t === "list" || o.t === "set") return `${o.kind ?? o.t} of ${inner(o.content)}`;
  return o.t;
}

const any = (e: Evaluation, v: Value, truth: Shown, world: World): boolean =>
  leavesIn(e, v, world).some((o) => matches(e, o, truth, world));

function matches(e: Evaluation, o: Obj, [kind, content]: Shown, world: World): boolean {
  switch (o.t) {
    case "unknown":
      return true;
    case "none":
      return kind === "N";
    case "bool":
      return kind === "b" && content === o.v;
    case "num":
      return o.float
        ? kind === "f" && content === numberText(o.v, true)
        : kind === "i" && content === String(o.v === 0 ? 0 : o.v);
    case "str":
      return kind === "s" && content === o.v;
    case "bytes":
      return kind === "y" && content === o.v;
    case "path":
      return kind === "p" && content === o.v;
    case "tuple":
      if (o.kind || o.fields) return kind === "o";
      return kind === "t" && sequence(e, o.items, content as Shown[], world);
    case "list":
      if (o.kind) return kind === "o";
      return (
        kind === "l" &&
        leavesIn(e, o.content, world).some(
          (c) => c.t !== "tuple" || sequence(e, c.items, content as Shown[], world),
        )
      );
    case "set":
      return (
        kind === "z" &&
        leavesIn(e, o.content, world).some(
          (c) => c.t !== "tuple" || members(e, c.items, content as Shown[], world),
        )
      );
    case "dict":
      if (o.kind) return kind === "o";
      return kind === "d" && dictionary(e, o, content as [Shown, Shown][], world);
    default:
      return kind === "o";
  }
}

const isOpen = (v: Value): boolean => v.t === "unknown" && v.splat === true;

/** Items against the truth; what stands for any number of items leaves only the ends to compare. */
function sequence(e: Evaluation, items: Value[], truth: Shown[], world: World): boolean {
  const open = items.findIndex(isOpen);
  if (open < 0)
    return items.length === truth.length && items.every((v, i) => any(e, v, truth[i] as Shown, world));
  const after = items.slice(items.findLastIndex(isOpen) + 1);
  const fixed = items.filter((v) => !isOpen(v)).length;
  return (
    truth.length >= fixed &&
    items.slice(0, open).every((v, i) => any(e, v, truth[i] as Shown, world)) &&
    after.every((v, i) => any(e, v, truth[truth.length - after.length + i] as Shown, world))
  );
}

function members(e: Evaluation, items: Value[], truth: Shown[], world: World): boolean {
  const known = items.filter((v) => !isOpen(v));
  if (known.length === items.length && known.length < truth.length) return false;
  return (
    known.every((v) => truth.some((t) => any(e, v, t, world))) &&
    (known.length < items.length || truth.every((t) => known.some((v) => any(e, v, t, world))))
  );
}

function dictionary(e: Evaluation, d: Obj & { t: "dict" }, truth: [Shown, Shown][], world: World): boolean {
  const left = [...truth];
  let order = 0;
  for (const [key, v] of d.scope.slots) {
    const all = leavesIn(e, v, world);
    const name = keyObject(key);
    const at = left.findIndex(([k]) => sameKey(e, name, k, world));
    const own = at < 0 ? undefined : left[at];
    if (!own) {
      if (!all.some((o) => o.t === "missing")) return false;
      continue;
    }
    // A key of an open dict that may be gone may as well have been put in again.
    const isLoose = d.open !== null && all.some((o) => o.t === "missing");
    if (!isLoose && !all.some((o) => o.t !== "missing" && matches(e, o, own[1], world))) return false;
    // Where every key is there for certain, their order is one that we claim.
    if (!d.open && at < order && all.length === 1) return false;
    left.splice(at, 1);
    order = at;
  }
  return left.length === 0 || d.open !== null;
}

/** 1, 1.0 and True are one key. */
function sameKey(e: Evaluation, key: Obj, [kind, content]: Shown, world: World): boolean {
  if (key.t === "num")
    return (
      (kind === "b" && Number(content) === key.v) ||
      ((kind === "i" || kind === "f") && Number(content) === key.v)
    );
  if (key.t === "tuple")
    return (
      kind === "t" &&
      (content as Shown[]).length === key.items.length &&
      key.items.every((v, i) => v.t !== "choice" && sameKey(e, v, (content as Shown[])[i] as Shown, world))
    );
  return matches(e, key, [kind, content], world);
}

/** The verdicts of which CPython's values alone say whether they hold. */
function verdicts(result: LintResult, { names = {}, true: truthy = [] }: Outcome): Contradiction[] {
  const hosts = names.ALLOWED_HOSTS;
  const key = names.SECRET_KEY;
  const truth: [string, boolean | null][] = [
    ["security.W018", truthy.includes("DEBUG")],
    [
      "security.W020",
      hosts === undefined ? true : /^[lt]$/.test(hosts[0]) ? !truthy.includes("ALLOWED_HOSTS") : null,
    ],
    [
      "security.W009",
      key === undefined
        ? true
        : key[0] === "s"
          ? (key[1] as string).length < 50 || new Set(key[1] as string).size < 5
          : null,
    ],
  ];
  if (result.findings.some((f) => f.id === "djdeploy.settings-fail")) return [];
  return truth.flatMap(([id, holds]): Contradiction[] => {
    if (holds === null) return [];
    const said = result.findings.find((f) => f.id === id || f.also.includes(id));
    if (!said && holds) return [{ kind: "pass", what: `${id} is passed` }];
    return said?.certainty === "certain" && !holds
      ? [{ kind: "certain", what: `${id} is called certain` }]
      : [];
  });
}
