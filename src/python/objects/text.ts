import { each, pure } from "../logic/apply.ts";
import { tooMany } from "../logic/bounded.ts";
import { classSlot } from "../logic/class-slot.ts";
import { always, leaves } from "../logic/decide.ts";
import { isA } from "../logic/exceptions.ts";
import type { Machine } from "../logic/machine.ts";
import { gap } from "../logic/outcomes.ts";
import { inSomeOrder } from "../logic/set-order.ts";
import type { Obj, Unknown, Value } from "../logic/values.ts";
import { itemsIn, str, typeName, unknown } from "../logic/values.ts";
import { spend } from "../logic/work.ts";
import { trimmed } from "../source/blanks.ts";
import { callMethod } from "./calls.ts";
import { keysOf } from "./items-of.ts";

/** `str(value)`. */
export function toText(m: Machine, v: Value): Value {
  if (leaves(v).some((o) => o.t === "instance" && !o.message))
    return each(m, v, (o) => {
      const by =
        o.t === "instance" ? ["__str__", "__repr__"].find((name) => classSlot(m, o.cls, name)) : undefined;
      return by ? callMethod(m, o, by, []) : pure(m, [o], ([x]) => leafText(m, x as Obj, false));
    });
  return pure(m, [v], ([o]) => leafText(m, o as Obj, false));
}

/** `repr(value)`. */
export function toRepr(m: Machine, v: Value): Value {
  if (m.nested === 0 && leaves(v).some((o) => o.t === "instance" && classSlot(m, o.cls, "__repr__")))
    return each(m, v, (o) =>
      o.t === "instance" && classSlot(m, o.cls, "__repr__") ? callMethod(m, o, "__repr__", []) : toRepr(m, o),
    );
  return pure(m, [v], ([o]) => leafText(m, o as Obj, true));
}

function leafText(m: Machine, o: Obj, repr: boolean): Value {
  switch (o.t) {
    case "none":
      return str("None");
    case "bool":
      return str(o.v ? "True" : "False");
    case "num":
      return str(numberText(o.v, o.float));
    case "str":
      return repr ? quoted(o.v) : o;
    case "bytes":
      return /[^ -~\t\n\r]/.test(o.v) ? gap("text of bytes", { type: "str" }) : str(`b${quote(o.v)}`);
    case "path":
      return str(repr ? `PosixPath(${quote(o.v)})` : o.v);
    case "tuple":
      if (o.kind || o.fields) return gap(`text of a ${typeName(o)}`, { type: "str", truthy: true });
      return joined(m, o.items, "(", o.items.length === 1 ? ",)" : ")");
    case "list":
      if (o.kind) return gap(`text of a ${o.kind}`, { type: "str", truthy: true });
      return pure(m, [o.content], ([c]) => joined(m, itemsIn(c), "[", "]"));
    case "set":
      if (o.kind) return gap(`text of a ${o.kind}`, { type: "str", truthy: true });
      return pure(m, [inSomeOrder(m, o.content)], ([c]) =>
        itemsIn(c).length === 0 ? str("set()") : joined(m, itemsIn(c), "{", "}"),
      );
    case "dict": {
      if (o.kind || o.open || keysOf(o).some(({ when }) => !always(when)))
        return gap("text of a dict", { type: "str", truthy: true });
      const parts = keysOf(o).flatMap(({ key, value }) => [key, value]);
      return concat(
        m,
        parts.map((p) => toRepr(m, p)),
        (texts) =>
          `{${texts.map((t, i) => (i % 2 ? `${t}${i < texts.length - 1 ? ", " : ""}` : `${t}: `)).join("")}}`,
      );
    }
    case "instance":
      if (o.message && !o.ours && !repr && !isA(o.cls, "KeyError") && !isA(o.cls, "OSError"))
        return toText(m, o.message);
      if (o.message) return { ...unknown("the text of an exception"), type: "str" };
      return { ...unknown(`text of a ${o.cls.name}`), type: "str", truthy: true };
    case "unknown":
      return { ...o, type: "str", ...(o.type === "str" ? {} : { truthy: true }) };
    default:
      return { ...unknown(`text of a ${o.t}`), type: "str", truthy: true };
  }
}

function joined(m: Machine, items: Value[], open: string, close: string): Value {
  spend(items.length);
  return concat(
    m,
    items.map((i) => toRepr(m, i)),
    (texts) => open + texts.join(", ") + close,
  );
}

/** Puts texts together; what is not known makes the whole an unknown text. */
export function concat(m: Machine, parts: Value[], make: (texts: string[]) => string): Value {
  const choices = parts.filter((p) => p.t === "choice");
  if (choices.length > 3) return tooManyText(choices);
  return pure(m, parts, (found) => {
    const hidden = found.filter((o): o is Unknown => o.t === "unknown");
    if (hidden.length > 0) return hiddenText(found, hidden, make);
    return str(make(found.map((o) => (o.t === "str" || o.t === "bytes" || o.t === "path" ? o.v : ""))));
  });
}

function tooManyText(choices: Value[]): Unknown {
  return { ...tooMany(choices), type: "str" };
}

function hiddenText(found: Obj[], hidden: Unknown[], make: (texts: string[]) => string): Unknown {
  const from = new Set(hidden.flatMap((u) => [...(u.from ?? [])]));
  const rest = make(found.map((o) => (o.t === "str" || o.t === "path" ? o.v : "")));
  const facts = rest !== "" || hidden.some((u) => u.truthy) ? { truthy: true } : {};
  const generated = hidden.some((u) => u.generated) ? { generated: true } : {};
  const length = hidden.every((u) => u.length !== undefined)
    ? { length: rest.length + hidden.reduce((n, u) => n + (u.length ?? 0), 0) }
    : {};
  return unknown((hidden[0] as Unknown).reason, { type: "str", from, ...facts, ...generated, ...length });
}

export function numberText(v: number, float: boolean): string {
  if (!Number.isFinite(v)) return Number.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf";
  if (!float) return Math.abs(v) >= 1e21 ? BigInt(v).toString() : String(v);
  if (Object.is(v, -0)) return "-0.0";
  const [digits = "", exponent = "0"] = v.toExponential().split("e");
  const e = Number(exponent);
  if (v === 0 || (e >= -4 && e < 16)) return Number.isInteger(v) ? v.toFixed(1) : plainDigits(v, e);
  return `${digits}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}`;
}

/** JavaScript writes small numbers with an exponent where Python does not yet. */
const plainDigits = (v: number, e: number): string =>
  e >= -6 ? String(v) : v.toFixed(Math.min(100, 20 - e)).replace(/0+$/, "");

/** `repr(text)`, as far as its characters are printed as they are. */
function quoted(text: string): Value {
  return /[^ -~\t\n\r]/.test(text)
    ? gap("repr() of a text", { type: "str", truthy: true })
    : str(quote(text));
}

export function quote(text: string): string {
  const escaped = text
    .replace(/\\/g, "\\\\")
    .replace(/\n/g, "\\n")
    .replace(/\t/g, "\\t")
    .replace(/\r/g, "\\r");
  return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, "\\'")}'`;
}

/** `int(text, base)` as Python reads it; null when it raises ValueError. */
export function parseInteger(text: string, base = 10): number | null {
  if (/\P{ASCII}/u.test(text)) return gap("int() of a text beyond ASCII", { type: "int" });
  const [, sign = "", prefix = "", body = ""] =
    /^([+-]?)(0[xXoObB](?=_?[0-9a-zA-Z]))?([0-9a-zA-Z_]*)$/.exec(trimmed(text)) ?? [];
  const own = { x: 16, o: 8, b: 2 }[prefix.slice(1).toLowerCase()] ?? 0;
  if (base !== 0 && (base < 2 || base > 36)) return null;
  // "0b1" in base 16 is a number of three digits.
  const prefixed = own !== 0 && (base === 0 || base === own);
  const digits = prefixed ? body.replace(/^_/, "") : prefix + body;
  const by = base === 0 ? (prefixed ? own : 10) : base;
  if (!/^[0-9a-zA-Z]+(_[0-9a-zA-Z]+)*$/.test(digits)) return null;
  const plain = digits.replace(/_/g, "").toLowerCase();
  if (base === 0 && !prefixed && /^0+[^0]/.test(plain)) return null;
  for (const c of plain) if (Number.parseInt(c, 36) >= by) return null;
  const v = Number.parseInt(plain, by);
  if (!Number.isSafeInteger(v)) return gap("a very large number", { type: "int" });
  return sign === "-" ? 0 - v : v;
}

/** `float(text)`; null when it raises ValueError. */
export function parseFloatText(text: string): number | null {
  if (/\P{ASCII}/u.test(text)) return gap("float() of a text beyond ASCII", { type: "float" });
  const t = trimmed(text).toLowerCase();
  if (/^[+-]?(inf|infinity)$/.test(t)) return t.startsWith("-") ? -Infinity : Infinity;
  if (/^[+-]?nan$/.test(t)) return Number.NaN;
  return /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/.test(t)
    ? Number(t.replace(/_/g, ""))
    : null;
}
