import type { Obj, Value } from "./values.ts";
import { ELLIPSIS, NONE, num, str, tuple, unknown } from "./values.ts";

/**
 * A dictionary's key as text, or null when it is no constant. Strings are their own key, so that a namespace can be
 * seen as a dictionary; the rest is marked by a leading NUL.
 */
export function keyOf(o: Value): string | null {
  switch (o.t) {
    case "str":
      return o.v;
    case "num":
      return `\0n:${o.v}`;
    case "bool":
      return `\0n:${o.v ? 1 : 0}`;
    case "none":
      return "\0N:";
    case "ellipsis":
      return "\0E:";
    case "bytes":
      return `\0b:${o.v}`;
    case "path":
      return `\0p:${o.v}`;
    case "tuple": {
      const parts = o.items.map(keyOf);
      return parts.includes(null) ? null : `\0t:${JSON.stringify(parts)}`;
    }
    case "class":
      return `\0c:${o.name}`;
    default:
      return null;
  }
}

/** The object a key stands for. */
export function keyObject(key: string): Obj {
  if (key[0] !== "\0") return str(key);
  const rest = key.slice(3);
  switch (key[1]) {
    case "n":
      return num(Number(rest));
    case "b":
      return { t: "bytes", v: rest };
    case "p":
      return { t: "path", v: rest };
    case "t":
      return tuple((JSON.parse(rest) as string[]).map((k) => keyObject(k)));
    case "N":
      return NONE;
    case "E":
      return ELLIPSIS;
    default:
      return unknown("a key");
  }
}
