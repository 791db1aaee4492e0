import { MODULE_NAMES } from "./modules.gen.ts";
import { OPERATORS } from "./operators.gen.ts";
import { TYPE_NAMES } from "./types.gen.ts";

/** What CPython's own types have: the tables are made from CPython itself, see scripts/python-names. */
type Has = "method" | "data";

interface TypeNames {
  base: string;
  own: Map<string, { has: Has; always: boolean }>;
}

const rows = (text: string): string[][] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" "));

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const types = once(
  () =>
    new Map(
      rows(TYPE_NAMES).map(([name = "", base = "-", ...names]): [string, TypeNames] => [
        name,
        {
          base,
          own: new Map(
            names.map((n) => [
              n.replace(/[=?]+$/, ""),
              { has: /=/.test(n) ? ("data" as const) : ("method" as const), always: !n.endsWith("?") },
            ]),
          ),
        },
      ]),
    ),
);

const modules = once(
  () =>
    new Map(
      rows(MODULE_NAMES).map(([name = "", ...names]) => [
        name,
        new Set(names.map((n) => n.replace("?", ""))),
      ]),
    ),
);

const operators = once(() => {
  const [first = [], ...lines] = rows(OPERATORS);
  const accepted = new Map(
    lines.map(([op = "", left = "", ...rights]) => [`${op} ${left}`, new Set(rights)]),
  );
  return { tried: new Set(first.slice(2)), accepted };
});

/** Is the type in the table? Only of such a one anything can be called absent. */
export const isTabled = (type: string): boolean => types().has(type);

/** An attribute of a type in the table; null when no Python that was asked has it. */
export function typeAttribute(type: string, name: string): { has: Has; always: boolean } | null {
  for (let at = types().get(type); at; at = types().get(at.base)) {
    const found = at.own.get(name);
    if (found) return found;
  }
  return null;
}

/** Is a type of the table another one, or below it? */
export function isKindOf(type: string, other: string): boolean {
  for (let name = type; name !== "-"; name = types().get(name)?.base ?? "-") if (name === other) return true;
  return false;
}

/** Every attribute of a type, those of the types above it included. */
export function typeAttributes(type: string): string[] {
  const found = new Set<string>();
  for (let at = types().get(type); at; at = types().get(at.base))
    for (const name of at.own.keys()) found.add(name);
  return [...found];
}

export const tabledTypes = (): string[] => [...types().keys()];
export const tabledModules = (): string[] => [...modules().keys()];

/** Public names of a module of Python's own; null for a module that is not in the table. */
export const moduleNames = (name: string): ReadonlySet<string> | null => modules().get(name) ?? null;

/** Does the operator raise TypeError for every pair of values of these types? False too when nobody tried. */
export function isRefused(op: string, left: string, right: string): boolean {
  const { tried, accepted } = operators();
  if (!tried.has(left) || !tried.has(right)) return false;
  return !accepted.get(`${op} ${left}`)?.has(right);
}
