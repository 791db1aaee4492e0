import { pure } from "../logic/apply.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raise } from "../logic/outcomes.ts";
import type { Obj, Value } from "../logic/values.ts";
import { str } from "../logic/values.ts";
import { fixed, numeric } from "./operators/arithmetic.ts";
import { concat, numberText, toRepr, toText } from "./text.ts";

const lost = (reason: string): never => gap(reason, { type: "str" });

/** `format(value, spec)` for the specs that settings use. */
export function formatted(m: Machine, v: Value, spec: string): Value {
  if (spec === "") return toText(m, v);
  return pure(m, [v], ([o]) => {
    if (!o || o.t === "unknown") return lost(o?.reason ?? "a format");
    const match = /^(?:(.)?([<>^=]))?([+ -])?(0)?(\d+)?(,)?(?:\.(\d+))?([a-zA-Z%])?$/su.exec(spec);
    if (!match) return lost(`format ${spec}`);
    const [, fill, align, sign = "", zero, width, comma, digits, kind] = match;
    const number = o.t === "num" || (o.t === "bool" && kind && kind !== "s") ? numeric(o) : null;
    if (!number && (o.t !== "str" || sign || comma || align === "=" || zero || (kind && kind !== "s")))
      return lost(`format ${spec}`);
    const body = number
      ? numberBody(number, kind, digits === undefined ? null : Number(digits), o.t === "num" && o.float)
      : [...(o as { v: string }).v].slice(0, digits === undefined ? undefined : Number(digits)).join("");
    const minus = body.startsWith("-") ? "-" : number && /[+ ]/.test(sign) ? sign : "";
    let text = body.replace(/^-/, "");
    if (comma) text = grouped(text, kind);
    return str(
      padded(
        text,
        minus,
        Number(width ?? 0),
        fill ?? (zero ? "0" : " "),
        align ?? (zero && number ? "=" : number ? ">" : "<"),
      ),
    );
  });
}

function numberBody(
  n: { v: number; float: boolean },
  kind: string | undefined,
  digits: number | null,
  float: boolean,
): string {
  if (!Number.isFinite(n.v)) return lost("format of no finite number");
  if (kind === "f" || kind === "F") return fixed(n.v, digits ?? 6);
  if (kind === "%") return `${fixed(n.v * 100, digits ?? 6)}%`;
  if (digits !== null || (kind && (float || !/^[dxXbo]$/.test(kind)))) return lost("a format of numbers");
  if (!kind || kind === "d") return numberText(n.v, float);
  const text = n.v.toString({ b: 2, o: 8 }[kind] ?? 16);
  return kind === "X" ? text.toUpperCase() : text;
}

function grouped(text: string, kind: string | undefined): string {
  if (kind && !/^[df%F]$/.test(kind)) return lost("groups of digits");
  const [whole = "", ...rest] = text.split(".");
  if (/e/.test(text)) return lost("groups of digits");
  return [whole.replace(/\B(?=(\d{3})+(?!\d))/g, ","), ...rest].join(".");
}

function padded(text: string, sign: string, width: number, fill: string, align: string): string {
  if (width > 10_000) return lost("a very long text");
  const missing = width - [...text].length - sign.length;
  if (missing <= 0) return sign + text;
  if (align === "=")
    return text.includes(",") && fill === "0"
      ? lost("zeros between groups")
      : sign + fill.repeat(missing) + text;
  const left = align === ">" ? missing : align === "<" ? 0 : missing >> 1;
  return fill.repeat(left) + sign + text + fill.repeat(missing - left);
}

const CONVERSION = /%(?:\(([^)]*)\))?([#0\- +]*)(\d+|\*)?(?:\.(\d+))?([a-zA-Z%])/g;

/** `template % arguments` */
export function percent(m: Machine, template: string, args: Obj): Value {
  const parts: Value[] = [];
  if (args.t === "tuple" && args.items.some((x) => x.t === "unknown" && x.splat))
    return lost("arguments of a format");
  if (/%/.test(template.replace(CONVERSION, ""))) return lost("a format");
  const items = args.t === "tuple" ? args.items : [args];
  let next = 0;
  let last = 0;
  let named = false;
  for (const match of template.matchAll(CONVERSION)) {
    parts.push(str(template.slice(last, match.index)));
    last = match.index + match[0].length;
    const [whole, key, flags = "", width = "", digits, kind = ""] = match;
    if (kind === "%") {
      if (whole !== "%%") return lost("a format");
      parts.push(str("%"));
      continue;
    }
    named ||= key !== undefined;
    const value = key !== undefined ? byKey(m, args, key) : items[next++];
    if (value === undefined || width === "*" || /[# +]/.test(flags)) return lost("a format");
    parts.push(converted(m, value, kind, flags, width, digits));
  }
  // Arguments that nothing asks for are a TypeError, except what has items by itself: a dict, a list.
  if (!named && next < items.length && args.t !== "dict" && args.t !== "list")
    return lost("a format with too many arguments");
  parts.push(str(template.slice(last)));
  return concat(m, parts, (texts) => texts.join(""));
}

function byKey(m: Machine, args: Obj, key: string): Value {
  if (args.t === "unknown") return args;
  if (args.t !== "dict") return lost("a format");
  const found = args.scope.slots.get(key) ?? args.open;
  if (!found) return args.kind ? lost("a format") : raise(m, "KeyError", key);
  return pure(m, [found], ([o]) => (o?.t === "missing" ? raise(m, "KeyError", key) : (o as Obj)));
}

function converted(
  m: Machine,
  value: Value,
  kind: string,
  flags: string,
  width: string,
  digits: string | undefined,
): Value {
  const zero = flags.includes("0") && !flags.includes("-") && kind !== "s" && kind !== "r" ? "0" : "";
  const side = flags.includes("-") ? "<" : kind === "s" || kind === "r" ? ">" : "";
  const cut = digits === undefined ? "" : `.${digits}`;
  if (kind === "s" || kind === "r") {
    const text = kind === "r" ? toRepr(m, value) : toText(m, value);
    return width || cut ? formatted(m, text, `${side}${width}${cut}`) : text;
  }
  if (!/^[difFxX]$/.test(kind) || (/[dixX]/.test(kind) && cut)) return lost("a format");
  return pure(m, [value], ([o]) => {
    const n = o ? numeric(o) : null;
    if (o?.t === "unknown") return lost(o.reason);
    if (!n || (n.float && /[xX]/.test(kind))) return lost("a format of no number");
    const given: Obj =
      /[di]/.test(kind) && n.float
        ? { t: "num", v: Math.trunc(n.v), float: false }
        : { t: "num", v: n.v, float: n.float };
    const spec = /[fF]/.test(kind) ? `${cut || ".6"}f` : kind.replace(/[di]/, "d");
    return formatted(m, given, `${side}${zero}${width}${spec}`);
  });
}

/** `template.format(*args, **kwargs)`; `lookup` finds attributes and items of what is named. */
export function formatCall(
  m: Machine,
  template: string,
  args: Value[],
  kwargs: Map<string, Value>,
  lookup: (v: Value, path: string) => Value,
): Value {
  const rule = /\{\{|\}\}|\{([^{}:!]*)(?:!([rs]))?(?::([^{}]*))?\}/g;
  if (/[{}]/.test(template.replace(rule, "")) || kwargs.has("\0open")) return lost("a format");
  const parts: Value[] = [];
  let auto = 0;
  let last = 0;
  for (const match of template.matchAll(rule)) {
    parts.push(str(template.slice(last, match.index)));
    last = match.index + match[0].length;
    if (match[0] === "{{" || match[0] === "}}") {
      parts.push(str(match[0].slice(1)));
      continue;
    }
    const [, field = "", conversion, spec = ""] = match;
    const [, name = "", path = ""] = /^([^.[]*)(.*)$/s.exec(field) ?? [];
    const numbered = /^\d+$/.test(name);
    if ((numbered && auto > 0) || (name === "" && auto < 0)) return lost("a format with and without numbers");
    if (numbered) auto = -1;
    const given = name === "" ? args[auto++] : numbered ? args[Number(name)] : kwargs.get(name);
    if (given === undefined) return raise(m, name === "" || numbered ? "IndexError" : "KeyError", name);
    const value = pure(m, [given], ([o]) => (o?.t === "missing" ? raise(m, "KeyError", name) : (o as Obj)));
    const found = path ? lookup(value, path) : value;
    parts.push(
      formatted(m, conversion === "r" ? toRepr(m, found) : conversion ? toText(m, found) : found, spec),
    );
  }
  parts.push(str(template.slice(last)));
  return concat(m, parts, (texts) => texts.join(""));
}
