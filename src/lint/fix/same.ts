import type { Evaluation } from "../../python/evaluate.ts";
import type { Variable } from "../../python/logic/machine.ts";
import type { Choice, Scope, Value } from "../../python/logic/values.ts";

/** A variable of the environment and the text it holds; null = it is not set. */
export interface Assumed {
  name: string;
  text: string | null;
}

/**
 * Gives values of two evaluations one number each: equal numbers for values that are equal in every world, or in those
 * in which a variable holds a text. Variables are told apart by their names, what is not known by its reason.
 */
export function numbering(): (e: Evaluation, assumed?: Assumed) => (v: Value) => number {
  const table = new Map<string, number>();
  const number = (key: string): number => {
    const found = table.get(key) ?? table.size;
    table.set(key, found);
    return found;
  };
  return (e, assumed) => {
    const at = assumed ? e.machine.byName.get(assumed.name) : undefined;
    const about = at === undefined ? undefined : e.variables[at];
    const bit =
      about?.kind === "env" && assumed ? about.values.findIndex((one) => one.text === assumed.text) : -1;
    const choices = new Map<number, number>();
    const open = new Set<number>();
    const scope = (s: Scope): string =>
      [...s.slots].map(([k, v]) => `${JSON.stringify(k)}:${of(v)}`).join(",");
    /** A value that may hold itself. */
    const guarded = (id: number, make: () => string): string => {
      if (open.has(id)) return "itself";
      open.add(id);
      const made = make();
      open.delete(id);
      return made;
    };
    const label = (v: Value): string => {
      switch (v.t) {
        case "choice":
          return `?${choice(e, v, of)}`;
        case "bool":
        case "str":
        case "bytes":
        case "path":
          return `${v.t}:${v.v}`;
        case "num":
          return `num:${v.v}:${v.float}`;
        case "tuple":
          return `(${v.items.map(of).join(",")})`;
        case "list":
        case "set":
          return guarded(v.id, () => `${v.t}[${of(v.content)}]`);
        case "dict":
          return guarded(v.id, () => `{${scope(v.scope)}|${v.open?.reason ?? ""}}`);
        case "instance":
          return guarded(v.id, () => `<${v.cls.name} ${v.id === 0 ? "" : scope(v.scope)}>`);
        case "unknown":
          return `unknown:${v.reason}:${v.type ?? ""}:${v.splat ?? ""}:${[...(v.from ?? [])].map((at) => name(e.variables[at])).join()}`;
        case "func":
        case "native":
        case "class":
        case "module":
          return `${v.t}:${v.name}`;
        default:
          return v.t;
      }
    };
    const of = (v: Value): number => {
      if (v.t !== "choice") return number(label(v));
      if (v.at === at && bit >= 0) {
        const edge = v.edges.find((x) => x.mask & (1 << bit));
        return edge ? of(edge.to) : number("never");
      }
      const found = choices.get(v.id) ?? number(label(v));
      choices.set(v.id, found);
      return found;
    };
    return of;
  };
}

const name = (v: Variable | undefined): string => (v?.kind === "env" ? v.name : (v?.reason ?? ""));

function choice(e: Evaluation, v: Choice, of: (v: Value) => number): string {
  const about = e.variables[v.at];
  const edges = v.edges.map(({ mask, to }) => {
    if (about?.kind !== "env") return `${mask & 1}=${of(to)}`;
    const texts = about.values.flatMap(({ text }, i) => (mask & (1 << i) ? [text] : []));
    return `${JSON.stringify(texts)}=${of(to)}`;
  });
  return `${name(about)} ${edges.sort().join(" ")}`;
}
