import type { Machine } from "../logic/machine.ts";
import { gap, raise } from "../logic/outcomes.ts";
import type { Value } from "../logic/values.ts";
import { bool, dict, list, NONE, num, str } from "../logic/values.ts";

const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*))((?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|(NaN|-?Infinity))/y;

const DEEPEST = 200;

/** `json.loads(text)`: whole numbers and others are told apart, and the order of keys is the text's. */
export function parseJson(m: Machine, text: string): Value {
  let at = 0;
  const fail = (): never => raise(m, "JSONDecodeError", "Expecting value");
  const next = (): RegExpExecArray => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) return fail();
    at = TOKEN.lastIndex;
    return found;
  };
  const value = (token: RegExpExecArray, depth: number): Value => {
    const [, sign, quoted, whole, rest, word, special] = token;
    if (depth > DEEPEST) return gap("deeply nested JSON");
    if (special) return gap("JSON with no finite number");
    if (word) return word === "null" ? NONE : bool(word === "true");
    if (quoted !== undefined) return str(JSON.parse(quoted) as string);
    if (whole !== undefined) {
      const v = Number(whole + rest);
      return rest
        ? num(v, true)
        : Number.isSafeInteger(v)
          ? num(v === 0 ? 0 : v)
          : gap("a very large number");
    }
    return sign === "[" ? array(depth) : sign === "{" ? object(depth) : fail();
  };
  const array = (depth: number): Value => {
    const items: Value[] = [];
    for (let token = next(); token[1] !== "]"; token = next()) {
      if (items.length > 0) {
        if (token[1] !== ",") return fail();
        token = next();
      }
      items.push(value(token, depth + 1));
    }
    return list(items, m.pc);
  };
  const object = (depth: number): Value => {
    const d = dict(m.pc);
    for (let token = next(), first = true; token[1] !== "}"; token = next(), first = false) {
      if (!first) {
        if (token[1] !== ",") return fail();
        token = next();
      }
      if (token[2] === undefined || next()[1] !== ":") return fail();
      d.scope.slots.set(JSON.parse(token[2]) as string, value(next(), depth + 1));
    }
    return d;
  };
  try {
    const made = value(next(), 0);
    return /^[ \t\n\r]*$/.test(text.slice(at)) ? made : fail();
  } catch (error) {
    // A control character within a text, which only JSON.parse sees.
    if (error instanceof SyntaxError) return fail();
    throw error;
  }
}
