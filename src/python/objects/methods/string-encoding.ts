import { gap, raise } from "../../logic/outcomes.ts";
import type { Obj, Value } from "../../logic/values.ts";
import { str, textOrBytes } from "../../logic/values.ts";
import type { Self } from "./string-self.ts";

/** The encodings that settings name; null for all others. */
function encoding([name, errors]: (Obj | undefined)[]): "utf8" | "ascii" | "latin1" {
  if (errors && !(errors.t === "str" && errors.v === "strict"))
    return gap("an encoding that forgives errors");
  const known =
    name === undefined ? "utf8" : name.t === "str" ? name.v.toLowerCase().replace(/[-_]/g, "") : "";
  if (known === "utf8") return "utf8";
  if (known === "ascii" || known === "latin1") return known;
  return gap("an encoding");
}

export function encoded(self: Self, args: (Obj | undefined)[]): Value {
  const by = encoding(args);
  if (by !== "utf8" && (by === "ascii" ? /\P{ASCII}/u : /[^\0-\xff]/).test(self.s))
    return raise(self.m, "UnicodeEncodeError", `'${by}' codec can't encode a character`);
  if (/[\ud800-\udfff]/.test(self.s.replace(/[\ud800-\udbff][\udc00-\udfff]/g, "")))
    return gap("a text with half a character");
  return textOrBytes("bytes", Buffer.from(self.s, by === "utf8" ? "utf8" : "latin1").toString("latin1"));
}

export function decoded(self: Self, args: (Obj | undefined)[]): Value {
  const by = encoding(args);
  const raw = Buffer.from(self.s, "latin1");
  try {
    if (by === "utf8") return str(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw));
  } catch {
    return raise(self.m, "UnicodeDecodeError", "'utf-8' codec can't decode a byte");
  }
  if (by === "ascii" && /\P{ASCII}/u.test(self.s))
    return raise(self.m, "UnicodeDecodeError", "'ascii' codec can't decode a byte");
  return str(self.s);
}
