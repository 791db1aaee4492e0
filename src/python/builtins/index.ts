import { each, pure } from "../logic/apply.ts";
import { forget } from "../logic/forget.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raise, raiseProven } from "../logic/outcomes.ts";
import { isUnhashable } from "../logic/proofs.ts";
import type { Call, Obj, Value } from "../logic/values.ts";
import { NONE, namespaceDict, native, num, str, TRUE, tuple, typeName, unknown } from "../logic/values.ts";
import { moduleNames } from "../names/index.ts";
import { formatted } from "../objects/formats.ts";
import { rounded } from "../objects/operators/arithmetic.ts";
import { binary } from "../objects/operators/binary.ts";
import { toRepr } from "../objects/text.ts";
import { openFile } from "../stdlib/files.ts";
import { getAttribute } from "./attributes.ts";
import { executeText } from "./execute-text.ts";
import { names, objects, superObject, wrapperType } from "./objects.ts";
import { sequences } from "./sequences.ts";
import { builtinTypes } from "./types.ts";

/** Python's built-in functions and types. */
export function builtins(m: Machine): Map<string, Value> {
  const all = builtinTypes(m);
  const define = (entries: Record<string, Call>): void => {
    for (const [name, call] of Object.entries(entries)) all.set(name, native(name, counted(m, name, call)));
  };
  define(sequences(m));
  define(objects(m));
  define({
    print: () => NONE,
    input: () => unknown("input()", { type: "str" }),
    repr: ([v = NONE]) => toRepr(m, v),
    format: ([v = NONE, spec = str("")]) =>
      spec.t === "str" ? formatted(m, v, spec.v) : unknown("a format"),
    abs: ([v = NONE]) => ofNumber(m, v, "abs", (n, o) => num(Math.abs(n), o.t === "num" && o.float)),
    round: ([v = NONE, digits = NONE]) =>
      pure(m, [digits], ([d]) =>
        d?.t === "none" || (d?.t === "num" && !d.float)
          ? ofNumber(m, v, "round", (n, o) =>
              rounded(n, o.t === "num" && o.float, d.t === "num" ? d.v : null),
            )
          : gap("round()"),
      ),
    divmod: (args) =>
      exactly(args, 2, "divmod", ([a, b]) =>
        tuple([binary(m, "FloorDiv", a as Value, b as Value), binary(m, "Mod", a as Value, b as Value)]),
      ),
    pow: (args) => exactly(args, 2, "pow", ([a, b]) => binary(m, "Pow", a as Value, b as Value)),
    ord: ([v = NONE]) =>
      pure(m, [v], ([o]) =>
        o?.t === "str" && [...o.v].length === 1 ? num(o.v.codePointAt(0) ?? 0) : gap("ord()"),
      ),
    chr: ([v = NONE]) =>
      ofNumber(m, v, "chr", (n, o) =>
        (o.t === "num" && o.float) || n < 0 || n > 0x10ffff || (n >= 0xd800 && n < 0xe000)
          ? gap("chr()")
          : str(String.fromCodePoint(n)),
      ),
    id: () => unknown("id()", { type: "int", truthy: true }),
    hash: ([v = NONE]) =>
      each(m, v, (o) => {
        const proof = isUnhashable(o);
        if (proof) return raiseProven(m, proof, "TypeError", `unhashable type: '${typeName(o)}'`);
        return unknown("hash()", { type: "int" });
      }),
    ...Object.fromEntries(
      [
        ["hex", "0x", 16],
        ["oct", "0o", 8],
        ["bin", "0b", 2],
      ].map(([name, prefix, base]): [string, Call] => [
        String(name),
        ([v = NONE]) =>
          ofNumber(m, v, String(name), (n, o) =>
            o.t === "num" && o.float
              ? gap(String(name))
              : str(`${n < 0 ? "-" : ""}${prefix}${Math.abs(n).toString(Number(base))}`),
          ),
      ]),
    ),
    open: (args, kwargs) => openFile(m, args[0] ?? NONE, args[1] ?? kwargs.get("mode") ?? str("r")),
    exit: () => raise(m, "SystemExit", "exit()"),
    quit: () => raise(m, "SystemExit", "quit()"),
    __import__: ([name = NONE]) => m.core.importByName(m, name, NONE),
    exec: ([code = NONE, globals]) => executeText(m, code, globals, "exec"),
    eval: ([code = NONE, globals]) => executeText(m, code, globals, "eval"),
    compile: ([code = NONE]) => code,
    globals: () => namespaceDict(m.frame.module.scope),
    locals: () => namespaceDict(m.frame.scope),
    vars: ([v]) => (v ? getAttribute(m, v, "__dict__") : namespaceDict(m.frame.scope)),
    dir: ([v]) => names(m, v),
    super: ([cls, self]) => superObject(cls, self),
  });
  for (const wrapper of ["property", "staticmethod", "classmethod"]) all.set(wrapper, wrapperType(wrapper));
  for (const name of moduleNames("builtins") ?? [])
    if (!all.has(name) && !m.exceptions.has(name) && !/^(copyright|credits|license|aiter|anext)$/.test(name))
      all.set(
        name,
        native(name, (args, kwargs) => notModelled(m, name, [...args, ...kwargs.values()])),
      );
  all.set("NotImplemented", unknown("NotImplemented", { truthy: true }));
  all.set("Ellipsis", { t: "ellipsis" });
  all.set("__debug__", TRUE);
  return all;
}

/** How many arguments the built-in functions take. */
const ARGUMENTS: Record<string, [number, number]> = Object.fromEntries(
  `len 1 1|abs 1 1|sorted 1 1|reversed 1 1|enumerate 1 2|any 1 1|all 1 1|sum 1 2|iter 1 2|next 1 2|map 2 9|filter 2 2|isinstance 2 2|issubclass 2 2|callable 1 1|hasattr 2 2|getattr 2 3|setattr 3 3|delattr 2 2|repr 1 1|ord 1 1|chr 1 1|hex 1 1|oct 1 1|bin 1 1|round 1 2|format 1 2|id 1 1|hash 1 1|range 1 3|type 1 3|slice 1 3|min 1 99|max 1 99|divmod 2 2|pow 2 3|vars 0 1|dir 0 1|eval 1 3|exec 1 3`
    .split("|")
    .map((line) => line.split(" "))
    .map(([name = "", least, most]) => [name, [Number(least), Number(most)]]),
);

const BY_NAME: Record<string, string[]> = {
  sorted: ["key", "reverse"],
  enumerate: ["iterable", "start"],
  sum: ["start"],
  min: ["key", "default"],
  max: ["key", "default"],
  round: ["number", "ndigits"],
  pow: ["base", "exp", "mod"],
  zip: ["strict"],
};

function counted(m: Machine, name: string, call: Call): Call {
  const range = Object.hasOwn(ARGUMENTS, name) ? ARGUMENTS[name] : undefined;
  if (!range) return call;
  return (args, kwargs) => {
    const names = BY_NAME[name] ?? [];
    const fits =
      args.length >= range[0] &&
      args.length <= range[1] &&
      [...kwargs.keys()].every((k) => names.includes(k));
    return fits ? call(args, kwargs) : notModelled(m, name, [...args, ...kwargs.values()]);
  };
}

/** A built-in function that nobody models: what it was given may have changed. */
function notModelled(m: Machine, name: string, given: Value[]): never {
  forget(m, given, `${name}()`);
  return gap(`${name}()`);
}

function exactly(args: Value[], n: number, name: string, make: (args: Value[]) => Value): Value {
  return args.length === n ? make(args) : gap(`the arguments of ${name}()`);
}

function ofNumber(m: Machine, v: Value, name: string, make: (n: number, o: Obj) => Value): Value {
  return pure(m, [v], ([o]) => (o?.t === "num" || o?.t === "bool" ? make(Number(o.v), o) : gap(`${name}()`)));
}
