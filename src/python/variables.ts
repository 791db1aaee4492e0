import { combine, ite, leaves, toCondition } from "./decide.ts";
import type { Machine } from "./machine.ts";
import { write } from "./machine.ts";
import type { Expr } from "./parse.ts";
import { choice } from "./unique.ts";
import type { Obj, Value } from "./values.ts";
import { MISSING, str, unknown } from "./values.ts";

/** Long enough, varied enough, and nothing else: passes as a key, fails as a flag, number, list or address. */
export const STRONG = "kD7vPz2RmX9wQs4LtB8nHc5YgJ3fWe6aUr1iKoMxVbNqTyZp0dSj-uGhElAC";

export const TRIED_HOST = "www.example.com";

const TRIED = ["", "True", "False", "1", "0", "31536000", TRIED_HOST, STRONG];

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
    const tried = [...new Set([...TRIED, ...(m.interesting.get(name) ?? [])])].slice(0, 29);
    const values: (string | null)[] = m.provided.has(name) ? tried.filter((v) => v !== "") : [null, ...tried];
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
      to: v === null ? MISSING : str(v),
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
export function interest(m: Machine, v: Value, text: string, asked = false): void {
  // What a modelled library compares with says nothing about the project.
  if (v.t !== "choice" || text.length > 300 || (!asked && m.frame.file.startsWith("<"))) return;
  for (const e of v.edges) {
    if (e.to.t === "choice") interest(m, e.to, text, asked);
    else if (e.to.t === "str") {
      const variable = m.variables[v.at];
      if (variable?.kind !== "env" || variable.values.includes(text)) return;
      const wanted = m.interesting.get(variable.name) ?? new Set();
      if (wanted.has(text) || wanted.size >= 18) return;
      wanted.add(text);
      m.interesting.set(variable.name, wanted);
      m.grown = true;
      return;
    }
  }
}
