import { combine, ite, leaves, toCondition } from "../logic/decide.ts";
import type { Machine, Tried, Variable } from "../logic/machine.ts";
import { write } from "../logic/scopes.ts";
import { choice } from "../logic/unique.ts";
import type { Obj, Value } from "../logic/values.ts";
import { MISSING, str, unknown } from "../logic/values.ts";
import type { Expr } from "../source/parse.ts";

/** Long enough, varied enough, and nothing else: passes as a key, fails as a flag, number, list or address. */
export const STRONG = "kD7vPz2RmX9wQs4LtB8nHc5YgJ3fWe6aUr1iKoMxVbNqTyZp0dSj-uGhElAC";

export const TRIED_HOST = "www.example.com";

/** Texts that casts and programs read as words of their own: each stands for itself. */
const WORDS = ["", "True", "False", "1", "0"];

/**
 * Texts that stand for any of their kind, each with another of that kind. Where only one of its kind lets the settings
 * load, what is made of it would look like a constant of the project: then the other is tried too, see `lonely`.
 */
const MADE_UP = new Map([
  ["31536000", "63072000"],
  [TRIED_HOST, "site.example.org"],
  [STRONG, "uT4nQx8BkZ2vHs7LcR9mWj5DpY3gEf6aKo1iVdXzMtCyPwNb0rJq_SlOhGAe"],
]);

const TRIED: Tried[] = [
  ...WORDS.map((text): Tried => ({ text, origin: "word" })),
  ...[...MADE_UP.keys()].map((text): Tried => ({ text, origin: "made-up" })),
];

/** The variable's text, or MISSING while it is not set. */
export function readEnv(m: Machine, name: string): Value {
  const own = m.environment.slots.get(name);
  let outside = m.outside.get(name);
  if (!outside) {
    outside = outsideEnv(m, name);
    m.outside.set(name, outside);
  }
  if (m.environment.slots.has("\0open")) return unknown("a variable that something may have set");
  if (own === undefined) return outside;
  const known = ite(
    toCondition(own, (o) => o.t === "missing"),
    outside,
    own,
  );
  return leaves(known).includes(GONE)
    ? combine([known], ([o]) => (o === GONE ? MISSING : (o as Obj)))
    : known;
}

/** Stands for a variable that the settings have taken out: one that is only missing there is looked for outside. */
const GONE: Obj = { t: "unknown", id: -1, reason: "a variable that was taken out" };

function outsideEnv(m: Machine, name: string): Value {
  const given = m.given[name];
  if (given !== undefined) return str(given);
  let at = m.byName.get(name);
  if (at === undefined) {
    at = m.variables.length;
    const all = new Map(TRIED.map((one) => [one.text, one]));
    for (const one of m.interesting.get(name)?.values() ?? []) all.set(one.text, one);
    const tried = [...all.values()].slice(0, 29);
    const values: Tried[] = m.provided.has(name)
      ? tried.filter(({ text }) => text !== "")
      : [{ text: null, origin: "project" }, ...tried];
    m.variables.push({ kind: "env", name, values });
    m.byName.set(name, at);
  }
  const variable = m.variables[at];
  if (variable?.kind !== "env") return MISSING;
  const last = variable.values.length - 1;
  return choice(
    at,
    variable.values.map((v, i) => ({
      mask: i === last ? 0x7fffffff & ~((1 << i) - 1) : 1 << i,
      to: v.text === null ? MISSING : str(v.text),
    })),
  );
}

/** Says by what the text read in an expression is turned into a value. */
export function castRead(m: Machine, node: Expr | undefined, cast: string): void {
  const last = m.reads.at(-1);
  if (
    node &&
    last &&
    last.cast === null &&
    last.place.line >= node.lineno &&
    last.place.line <= (node.end_lineno ?? node.lineno)
  )
    last.cast = cast;
}

/** Writes a variable for what is evaluated after. */
export function writeEnv(m: Machine, name: string, v: Value): void {
  write(m, m.environment, name, v);
}

/** Takes a variable out of the environment for what is evaluated after. */
export function unsetEnv(m: Machine, name: string): void {
  write(m, m.environment, name, GONE);
}

/** Remembers that a variable's text is compared with this one, so that the next round tries it. */
export function interest(m: Machine, v: Value, text: string): void {
  // What a modelled library compares with says nothing about the project.
  if (text.length <= 300 && !m.frame.file.startsWith("<")) tryText(m, v, { text, origin: "project" });
}

/** Tries examples of ours too: they have to differ in all that could be said of them, or it would look certain. */
export function like(m: Machine, v: Value, examples: readonly [string, string]): void {
  for (const text of examples) tryText(m, v, { text, origin: "made-up" });
}

function tryText(m: Machine, v: Value, tried: Tried): void {
  if (v.t !== "choice") return;
  for (const e of v.edges) {
    if (e.to.t === "choice") tryText(m, e.to, tried);
    else if (e.to.t === "str") {
      const variable = m.variables[v.at];
      if (variable?.kind === "env") want(m, variable, tried);
      return;
    }
  }
}

function want(m: Machine, variable: Variable & { kind: "env" }, tried: Tried): void {
  const known = variable.values.findIndex(({ text }) => text === tried.text);
  // What we try anyway is the project's own, too.
  const ours = variable.values[known]?.origin !== "project" && tried.origin === "project";
  if (known >= 0 && !ours) return;
  const wanted = m.interesting.get(variable.name) ?? new Map<string, Tried>();
  if (tried.text === null || (!wanted.has(tried.text) && wanted.size >= 18)) return;
  if (wanted.get(tried.text)?.origin === tried.origin) return;
  wanted.set(tried.text, tried);
  m.interesting.set(variable.name, wanted);
  if (known >= 0) variable.values[known] = tried;
  else m.grown = true;
}

/**
 * Variables of which a single made-up text is left that lets the settings load get another of its kind, to be tried in
 * one more round. True where there are any.
 */
export function lonely(m: Machine): boolean {
  let found = false;
  for (const [at, variable] of m.variables.entries()) {
    if (variable.kind !== "env") continue;
    const allowed = m.allowed.get(at) ?? 0x7fffffff;
    const left = variable.values.filter((_, i) => allowed & (1 << i));
    const other =
      left.length === 1 && left[0]?.origin === "made-up" ? MADE_UP.get(left[0].text ?? "") : undefined;
    if (other === undefined) continue;
    want(m, variable, { text: other, origin: "made-up" });
    found = true;
  }
  return found;
}
