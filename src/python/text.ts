import { classSlot } from "./attributes.ts";
import { callMethod } from "./calls.ts";
import { leaves } from "./decide.ts";
import { each, type Machine, pure, raise, tooMany } from "./machine.ts";
import { keysOf } from "./truth.ts";
import type { Obj, Unknown, Value } from "./values.ts";
import { itemsIn, str, unknown } from "./values.ts";

/** `str(value)`. */
export function toText(m: Machine, v: Value): Value {
  if (leaves(v).some((o) => o.t === "instance" && !o.message))
    return each(m, v, (o) => {
      const own = o.t === "instance" && classSlot(m, o.cls, "__str__");
      return own ? callMethod(m, o, "__str__", []) : leafText(m, o, false);
    });
  return pure(m, [v], ([o]) => leafText(m, o as Obj, false));
}

/** `repr(value)`. */
export function toRepr(m: Machine, v: Value): Value {
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
      return repr ? str(quote(o.v)) : o;
    case "bytes":
      return str(`b${quote(o.v)}`);
    case "path":
      return str(repr ? `PosixPath(${quote(o.v)})` : o.v);
    case "tuple":
      return joined(m, o.items, "(", o.items.length === 1 ? ",)" : ")");
    case "list":
      return pure(m, [o.content], ([c]) => joined(m, itemsIn(c), "[", "]"));
    case "set":
      return pure(m, [o.content], ([c]) => joined(m, itemsIn(c), "{", "}"));
    case "dict": {
      const parts = keysOf(o).flatMap(({ key, value }) => [key, value]);
      return concat(
        m,
        parts.map((p) => toRepr(m, p)),
        (texts) =>
          `{${texts.map((t, i) => (i % 2 ? `${t}${i < texts.length - 1 ? ", " : ""}` : `${t}: `)).join("")}}`,
      );
    }
    case "class":
      return str(`<class '${o.name}'>`);
    case "instance":
      if (o.message) return toText(m, o.message);
      return { ...unknown(`text of a ${o.cls.name}`), type: "str", truthy: true };
    case "unknown":
      return { ...o, type: "str", ...(o.type === "str" ? {} : { truthy: true }) };
    default:
      return { ...unknown(`text of a ${o.t}`), type: "str", truthy: true };
  }
}

function joined(m: Machine, items: Value[], open: string, close: string): Value {
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
  if (float) return Number.isInteger(v) && Math.abs(v) < 1e16 ? v.toFixed(1) : String(v);
  return Math.abs(v) >= 1e21 ? BigInt(v).toString() : String(v);
}

export function quote(text: string): string {
  const escaped = text
    .replace(/\\/g, "\\\\")
    .replace(/\n/g, "\\n")
    .replace(/\t/g, "\\t")
    .replace(/\r/g, "\\r");
  return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, "\\'")}'`;
}

/** `format(value, spec)` for the specs that settings use. */
export function formatted(m: Machine, v: Value, spec: string): Value {
  if (spec === "") return toText(m, v);
  return pure(m, [v], ([o]) => {
    if (!o || o.t === "unknown") return { ...unknown(o?.reason ?? "a format"), type: "str" };
    const match = /^(?:(.)?([<>^]))?([+])?(0)?(\d+)?(,)?(?:\.(\d+))?([a-zA-Z%])?$/.exec(spec);
    if (!match) return { ...unknown(`format ${spec}`), type: "str" };
    const [, fill, align, , zero, width, comma, digits, kind] = match;
    let text = "";
    if (o.t === "num" || (o.t === "bool" && kind)) {
      const n = Number(o.t === "num" ? o.v : o.v);
      if (kind === "x" || kind === "X" || kind === "b" || kind === "o")
        text = n.toString(kind === "b" ? 2 : kind === "o" ? 8 : 16);
      else if (kind === "f" || kind === "%")
        text = (kind === "%" ? n * 100 : n).toFixed(Number(digits ?? 6)) + (kind === "%" ? "%" : "");
      else text = numberText(n, o.t === "num" && o.float);
      if (kind === "X") text = text.toUpperCase();
      if (comma) text = text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    } else {
      const whole = leafText(m, o, false);
      if (whole.t !== "str") return whole;
      text = digits ? whole.v.slice(0, Number(digits)) : whole.v;
    }
    const size = Number(width ?? 0);
    const pad = zero ? "0" : (fill ?? " ");
    const side = align ?? (o.t === "num" ? ">" : "<");
    if (side === ">") text = text.padStart(size, pad);
    else if (side === "<") text = text.padEnd(size, pad);
    else text = text.padStart(Math.floor((size + text.length) / 2), pad).padEnd(size, pad);
    return str(text);
  });
}

/** `template % arguments`. */
export function percent(m: Machine, template: string, args: Obj): Value {
  const parts: Value[] = [];
  const items = args.t === "tuple" ? args.items : [args];
  let next = 0;
  let last = 0;
  const rule = /%(?:\(([^)]*)\))?([#0\- +]*)(\d+|\*)?(?:\.(\d+))?([sdrifxXgaeouc%])/g;
  for (const match of template.matchAll(rule)) {
    parts.push(str(template.slice(last, match.index)));
    last = match.index + match[0].length;
    const [, key, flags = "", width = "", digits, kind] = match;
    if (kind === "%") {
      parts.push(str("%"));
      continue;
    }
    let value: Value | undefined;
    if (key !== undefined && args.t === "dict") value = args.scope.slots.get(key) ?? args.open ?? undefined;
    else if (key !== undefined) value = args.t === "unknown" ? args : undefined;
    else value = items[next++];
    if (value === undefined)
      return raise(
        m,
        key === undefined ? "TypeError" : "KeyError",
        key ?? "not enough arguments for format string",
      );
    const zero = flags.includes("0") ? "0" : "";
    if (kind === "r") parts.push(toRepr(m, value));
    else if (kind === "d" || kind === "i" || kind === "f")
      parts.push(formatted(m, value, `${zero}${width}${kind === "f" ? `.${digits ?? 6}f` : ""}`));
    else parts.push(toText(m, value));
  }
  parts.push(str(template.slice(last)));
  return concat(m, parts, (texts) => texts.join(""));
}

/** `template.format(*args, **kwargs)`; `lookup` finds attributes and items of what is named. */
export function formatCall(
  m: Machine,
  template: string,
  args: Value[],
  kwargs: Map<string, Value>,
  lookup: (v: Value, path: string) => Value,
): Value {
  const parts: Value[] = [];
  let auto = 0;
  const rule = /\{\{|\}\}|\{([^{}:!]*)(?:!([rsa]))?(?::([^{}]*))?\}/g;
  let last = 0;
  for (const match of template.matchAll(rule)) {
    parts.push(str(template.slice(last, match.index)));
    last = match.index + match[0].length;
    if (match[0] === "{{" || match[0] === "}}") {
      parts.push(str(match[0].slice(1)));
      continue;
    }
    const [, field = "", conversion, spec = ""] = match;
    const [, name = "", path = ""] = /^([^.[]*)(.*)$/.exec(field) ?? [];
    let value: Value | undefined;
    if (name === "") value = args[auto++];
    else value = /^\d+$/.test(name) ? args[Number(name)] : kwargs.get(name);
    if (value === undefined) return raise(m, name === "" ? "IndexError" : "KeyError", name);
    const found = path ? lookup(value, path) : value;
    parts.push(formatted(m, conversion === "r" ? toRepr(m, found) : found, spec));
  }
  parts.push(str(template.slice(last)));
  return concat(m, parts, (texts) => texts.join(""));
}

/** `int(text, base)` as Python reads it; null when it raises ValueError. */
export function parseInteger(text: string, base = 10): number | null {
  const t = text.trim().replace(/(?<=[0-9a-zA-Z])_(?=[0-9a-zA-Z])/g, "");
  if (base === 10) return /^[+-]?\d+$/.test(t) ? Number(t) : null;
  const digits = t.replace(/^([+-]?)0[xXoObB]/, "$1");
  const parsed = Number.parseInt(digits, base === 0 ? 10 : base);
  return /^[+-]?[0-9a-zA-Z]+$/.test(digits) && !Number.isNaN(parsed) ? parsed : null;
}

/** `float(text)`; null when it raises ValueError. */
export function parseFloatText(text: string): number | null {
  const t = text.trim().toLowerCase();
  if (/^[+-]?(inf|infinity)$/.test(t)) return t.startsWith("-") ? -Infinity : Infinity;
  if (/^[+-]?nan$/.test(t)) return Number.NaN;
  return /^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(t) ? Number(t.replace(/_/g, "")) : null;
}
