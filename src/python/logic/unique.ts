import type { Choice, Edge, Value } from "./values.ts";

/**
 * Every value has a number, and values that are interchangeable have the same: constants, tuples of such, and choices
 * between such. So equal diagrams are one object, and are compared by number.
 */
let objects = new WeakMap<object, number>();
let constants = new Map<string, number>();
let choices = new Map<string, Choice>();
let last = 0;
let work = 0;

/** Thrown when an evaluation has worked on its diagrams for longer than is worth it. */
export class OutOfWork extends Error {}

const MAX_WORK = 500_000;

/** Forgets what earlier evaluations have numbered, and starts the budget anew. */
export function startWork(): void {
  objects = new WeakMap();
  constants = new Map();
  choices = new Map();
  work = 0;
}

export function spend(amount = 1): void {
  work += amount;
  if (work > MAX_WORK) throw new OutOfWork();
}

export const workDone = (): number => work;

/** More budget for those who ask about a result. */
export function renewWork(): void {
  work = 0;
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
  for (const edge of edges) {
    if (edge.mask === 0) continue;
    const twin = joined.find((e) => same(e.to, edge.to));
    if (twin) twin.mask |= edge.mask;
    else joined.push({ mask: edge.mask, to: edge.to });
  }
  if (joined.length === 1) return (joined[0] as Edge).to;
  joined.sort((a, b) => (a.mask & -a.mask) - (b.mask & -b.mask));
  const key = `${at}|${joined.map((e) => `${e.mask}:${idOf(e.to)}`).join(",")}`;
  let known = choices.get(key);
  if (!known) {
    known = { t: "choice", id: ++last, at, edges: joined };
    choices.set(key, known);
  }
  return known;
}
