import type { Obj, Value } from "./values.ts";
import { ELLIPSIS, NONE, num, str, tuple, unknown } from "./values.ts";
import { spend } from "./work.ts";

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
      spend(o.items.length);
      const parts = o.items.map(keyOf);
      if (parts.includes(null)) return null;
      // With lengths instead of quotes: those would double with each tuple around it.
      const key = `\0t:${parts.map((part) => `${part?.length}:${part}`).join("")}`;
      spend(key.length >> 6);
      return key;
    }
    case "class":
      return `\0c:${o.name}`;
    default:
      return null;
  }
}

/** Is a slot of a namespace one that a dictionary may have, and none in which an object keeps something of its own? */
export const isKey = (slot: string): boolean => slot[0] !== "\0" || slot[2] === ":";

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
      return tuple(partsOf(rest).map(keyObject));
    case "N":
      return NONE;
    case "E":
      return ELLIPSIS;
    default:
      return unknown("a key");
  }
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const from = text.indexOf(":", at) + 1;
    const to = from + Number(text.slice(at, from - 1));
    parts.push(text.slice(from, to));
    at = to;
  }
  return parts;
}
