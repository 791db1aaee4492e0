import { pure } from "../logic/apply.ts";
import type { Machine } from "../logic/machine.ts";
import { gap } from "../logic/outcomes.ts";
import type { Obj, Value } from "../logic/values.ts";
import { list, NONE, native, num, str, tuple, unknown } from "../logic/values.ts";
import { type Asked, askPattern, type Found } from "../source/foreign-pattern.ts";

/** A pattern in JavaScript's syntax. */
type Rule = Pick<Asked, "source" | "flags">;

/** A Python pattern as JavaScript's; null where they differ too much. */
function toRule(pattern: string, flags: number): Rule | null {
  // What both understand, and differently: `{,3}`, comments, and escapes that only one has.
  if (
    /\{,|\(\?[^:P=!<]|\\(?![dDwWsSbBnrtfvAZ\d.*+?^${}()|[\]\\/\-,:;@#&=%"'<> ])/.test(
      pattern.replace(/^\(\?[aimsu]+\)/, ""),
    )
  )
    return null;
  const source = pattern
    .replace(/\(\?P<(\w+)>/g, "(?<$1>")
    .replace(/\(\?P=(\w+)\)/g, "\\k<$1>")
    .replace(/\\A/g, "^")
    .replace(/\\Z/g, "$(?![\\s\\S])");
  let own = flags & 2 ? "i" : "";
  if (flags & 8) own += "m";
  if (flags & 16) own += "s";
  const inline = /^\(\?([aimsux]+)\)/.exec(source);
  if (inline?.[1]?.includes("i") && !own.includes("i")) own += "i";
  if (flags & 64 || source.length > 500) return null;
  return { source: inline ? source.slice(inline[0].length) : source, flags: own };
}

type How = (rule: Rule, text: string, m: Machine) => Value;

const notFollowed = (): Value => gap("a regular expression");

/** Where a pattern matches an empty text, the two differ in what they do between characters. */
const matchesNothing = (m: Machine, rule: Rule): boolean =>
  /\\[bB]|\(\?<?[=!]|\^|\$/.test(rule.source) ||
  (askPattern(m, { ...rule, text: "", act: "first" })?.answer ?? null) !== null;

const first =
  (at?: Asked["at"]): How =>
  (rule, text, m) => {
    const found = askPattern(m, { ...rule, at, text, act: "first" });
    return found ? matchObject(found.answer) : notFollowed();
  };

export function reModule(m: Machine): Record<string, Value> {
  const run = (pattern: Value, text: Value, flags: Value | undefined, how: How): Value =>
    pure(m, [pattern, text, flags ?? num(0)], ([p, t, f]) => {
      const rule = p?.t === "str" && t?.t === "str" ? toRule(p.v, f?.t === "num" ? f.v : 0) : null;
      if (!rule || t?.t !== "str" || t.v.length > 20_000) return notFollowed();
      // `$` matches before a last line end too, and classes of characters reach beyond ASCII.
      if (/\P{ASCII}/u.test(t.v + rule.source) || (/\n$/.test(t.v) && rule.source.includes("$")))
        return notFollowed();
      return how(rule, t.v, m);
    });
  const method =
    (how: (args: Value[]) => How, at = 0, most = 3) =>
    (args: Value[], kwargs: Map<string, Value>): Value => {
      const named = [...kwargs.keys()].filter((k) => !/^(flags|pattern|string|repl)$/.test(k));
      if (named.length > 0 || args.length < 2 + at || args.length > most + at)
        return gap("the arguments of a regular expression");
      return run(args[0] ?? NONE, args[1 + at] ?? NONE, kwargs.get("flags") ?? args[2 + at], how(args));
    };
  const found: Record<string, { how: (args: Value[]) => How; at?: number; most?: number }> = {
    search: { how: () => first() },
    match: { how: () => first("start") },
    fullmatch: { how: () => first("ends") },
    split: {
      most: 2,
      how: () => (rule, text) => {
        if (matchesNothing(m, rule)) return gap("re.split()");
        const parts = askPattern(m, { ...rule, text, act: "split" });
        return parts ? list(parts.answer.map((x) => (x === null ? NONE : str(x)))) : notFollowed();
      },
    },
    findall: {
      how: () => (rule, text) => {
        const all = askPattern(m, { ...rule, flags: `${rule.flags}g`, text, act: "all" });
        if (!all) return notFollowed();
        return list(
          all.answer.map(({ texts: [whole, ...groups] }) =>
            groups.length > 1
              ? tuple(groups.map((g) => str(g ?? "")))
              : str(groups.length === 1 ? (groups[0] ?? "") : whole!),
          ),
        );
      },
    },
    sub: {
      at: 1,
      most: 2,
      how: (args) => (rule, text) => {
        const by = args[1];
        if (
          by?.t !== "str" ||
          matchesNothing(m, rule) ||
          /\\(?![1-9](?!\d)|g<\w+>)/.test(by.v) ||
          /\\g<0/.test(by.v)
        )
          return gap("re.sub()", { type: "str" });
        const written = by.v
          .replace(/\$/g, "$$$$")
          .replace(/\\(\d)|\\g<(\w+)>/g, (_x, a, b) => `$${a ?? (/^\d+$/.test(b) ? b : `<${b}>`)}`);
        const made = askPattern(m, { ...rule, flags: `${rule.flags}g`, text, act: "replace", by: written });
        return made ? str(made.answer) : gap("re.sub()", { type: "str" });
      },
    },
  };
  const all: Record<string, Value> = Object.fromEntries(
    Object.entries(found).map(([name, { how, at, most }]) => [
      name,
      native(name, method(how, at ?? 0, most ?? 3)),
    ]),
  );
  all.compile = native("compile", ([pattern = NONE, flags]) => {
    const self = unknown("a compiled regular expression", { truthy: true });
    if (pattern.t !== "str") return self;
    return { t: "module", name: "re.Pattern", file: null, external: true, scope: compiled(pattern, flags) };
  });
  const compiled = (
    pattern: Obj,
    flags: Value | undefined,
  ): { slots: Map<string, Value>; born: Value; places: null } => ({
    born: { t: "bool", v: true },
    places: null,
    slots: new Map<string, Value>([
      ...Object.entries(found).map(([name, { how, at }]): [string, Value] => [
        name,
        native(name, (args, kwargs) =>
          kwargs.size > 0
            ? gap(`a pattern's ${name}`)
            : method(how, at ?? 0, 2)([pattern, ...args], flags ? new Map([["flags", flags]]) : new Map()),
        ),
      ]),
      ["pattern", pattern],
    ]),
  });
  return {
    ...all,
    IGNORECASE: num(2),
    I: num(2),
    MULTILINE: num(8),
    M: num(8),
    DOTALL: num(16),
    S: num(16),
    VERBOSE: num(64),
    X: num(64),
    escape: native("escape", ([v = NONE]) =>
      pure(m, [v], ([o]) =>
        o?.t === "str" && !/\P{ASCII}/u.test(o.v)
          ? str(o.v.replace(/[.*+?^${}()|[\]\\\-#&~\t\n\v\f\r ]/g, "\\$&"))
          : gap("re.escape()", { type: "str" }),
      ),
    ),
  };
}

/** What a match gives: group, groups, groupdict. */
function matchObject(found: Found | null): Value {
  if (!found) return NONE;
  const group = (k: Value | undefined): Value => {
    const text =
      k === undefined || k.t === "num"
        ? found.texts[k?.t === "num" ? k.v : 0]
        : k.t === "str"
          ? found.groups[k.v]
          : undefined;
    const there =
      k === undefined ||
      (k.t === "num" && k.v < found.texts.length && k.v >= 0) ||
      (k.t === "str" && k.v in found.groups);
    if (!there) return gap("a group of a match");
    return typeof text === "string" ? str(text) : NONE;
  };
  const slots = new Map<string, Value>([
    ["group", native("group", (args) => (args.length > 1 ? tuple(args.map(group)) : group(args[0])))],
    [
      "groups",
      native("groups", (args) =>
        args.length > 0
          ? gap("groups()")
          : tuple(found.texts.slice(1).map((g) => (g === null ? NONE : str(g)))),
      ),
    ],
    ["start", native("start", (args) => (args.length > 0 ? gap("start()") : num(found.index)))],
    [
      "end",
      native("end", (args) => (args.length > 0 ? gap("end()") : num(found.index + found.texts[0]!.length))),
    ],
    [
      "groupdict",
      native("groupdict", () => {
        const d = new Map<string, Value>();
        for (const [k, v] of Object.entries(found.groups)) d.set(k, v === null ? NONE : str(v));
        return {
          t: "dict",
          scope: { slots: d, born: { t: "bool", v: true }, places: null },
          open: null,
          id: 0,
        };
      }),
    ],
    ["__getitem__", native("__getitem__", ([k]) => group(k))],
  ]);
  return {
    t: "instance",
    id: 0,
    scope: { slots, born: { t: "bool", v: true }, places: null },
    cls: {
      t: "class",
      name: "Match",
      bases: [],
      unknownBase: null,
      scope: { slots, born: { t: "bool", v: true }, places: null },
    },
  };
}
