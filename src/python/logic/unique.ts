import type { Choice, Edge, Value } from "./values.ts";
import { renewWork, spend } from "./work.ts";

/**
 * Every value has a number, and values that are interchangeable have the same: constants, tuples of such, and choices
 * between such. So equal diagrams are one object, and are compared by number.
 */
let objects = new WeakMap<object, number>();
let constants = new Map<string, number>();
let choices = new Map<number, Choice[]>();
let last = 0;

/** Forgets what earlier evaluations have numbered, and starts the budget anew. */
export function startWork(): void {
  objects = new WeakMap();
  constants = new Map();
  choices = new Map();
  renewWork();
}

export function idOf(v: Value): number {
  if (v.t === "choice") return v.id;
  let id = objects.get(v);
  if (id !== undefined) return id;
  const key = constantKey(v);
  id = key === null ? undefined : constants.get(key);
  if (id === undefined) {
    id = ++last;
    if (key !== null) constants.set(key, id);
  }
  objects.set(v, id);
  return id;
}

function constantKey(v: Exclude<Value, Choice>): string | null {
  switch (v.t) {
    case "str":
    case "bytes":
    case "path":
      return `${v.t}:${v.v}`;
    case "bool":
      return v.v ? "T" : "F";
    case "num":
      return `${v.float ? "f" : "i"}:${Object.is(v.v, -0) ? "-0" : v.v}`;
    case "none":
    case "missing":
    case "ellipsis":
      return v.t;
    case "unknown":
      return `?${v.id}${v.splat ? "*" : ""}`;
    case "tuple":
      // A list that grows in a long loop is numbered anew at each step.
      spend(v.items.length >> 4);
      return `(${v.items.map(idOf).join(",")})`;
    case "place":
      return `@${v.file}:${v.line}:${v.column}`;
    default:
      return null;
  }
}

export const same = (a: Value, b: Value): boolean => a === b || idOf(a) === idOf(b);

/** A choice in its shortest form: equal branches joined, none left when they are all equal. */
export function choice(at: number, edges: Edge[]): Value {
  const joined: Edge[] = [];
  const ids: number[] = [];
  for (const { mask, to } of edges) {
    if (mask === 0) continue;
    const id = idOf(to);
    const twin = ids.indexOf(id);
    if (twin >= 0) (joined[twin] as Edge).mask |= mask;
    else {
      joined.push({ mask, to });
      ids.push(id);
    }
  }
  if (joined.length === 1) return (joined[0] as Edge).to;
  joined.sort((a, b) => (a.mask & -a.mask) - (b.mask & -b.mask));
  return known(at, joined);
}

/** The choice with these edges, made once. Found by a number, which is several times faster than by a text. */
function known(at: number, edges: Edge[]): Choice {
  let hash = at;
  for (const { mask, to } of edges) hash = (Math.imul(Math.imul(hash, 31) + mask, 31) + idOf(to)) | 0;
  const row = choices.get(hash);
  const before = row?.find((c) => c.at === at && equalEdges(c.edges, edges));
  if (before) return before;
  const made: Choice = { t: "choice", id: ++last, at, edges };
  if (row) row.push(made);
  else choices.set(hash, [made]);
  return made;
}

const equalEdges = (a: Edge[], b: Edge[]): boolean =>
  a.length === b.length && a.every(({ mask, to }, i) => mask === b[i]?.mask && same(to, (b[i] as Edge).to));
