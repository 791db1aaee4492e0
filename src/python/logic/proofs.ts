import { isKindOf, isRefused, isTabled, typeAttribute } from "../names/index.ts";
import { lineage } from "./exceptions.ts";
import type { Class, Func, Instance, Obj } from "./values.ts";
import { spend } from "./work.ts";

declare const proven: unique symbol;

/**
 * Evidence that CPython raises TypeError or AttributeError here, whatever the values are. Only this file makes one, and
 * only from CPython's own tables or from a class of the project that is known as a whole: that a table of *ours* has no
 * row proves nothing.
 */
export interface Proof {
  readonly [proven]: true;
}

const PROOF = {} as Proof;
const when = (holds: boolean): Proof | null => (holds ? PROOF : null);

/** Types whose objects may be given attributes of their own. */
const OPEN = new Set([
  "SimpleNamespace",
  "Logger",
  "ChainMap",
  "UUID",
  "partial",
  "function",
  "Counter",
  "OrderedDict",
]);

/** Python's name of the very type of an object, where that is certain and CPython's table has it. */
export function exactType(o: Obj): string | null {
  const name = typeOf(o);
  return name !== null && isTabled(name) ? name : null;
}

function typeOf(o: Obj): string | null {
  switch (o.t) {
    case "none":
      return "NoneType";
    case "num":
      return o.float ? "float" : "int";
    case "bool":
    case "str":
    case "bytes":
    case "ellipsis":
    case "slice":
      return o.t;
    case "tuple":
      return o.fields ? null : (o.kind ?? "tuple");
    case "list":
    case "set":
    case "dict":
      return o.kind ?? o.t;
    case "path":
      return "PosixPath";
    case "func":
      return "function";
    case "bound":
      return o.func.t === "func" ? "method" : null;
    case "instance":
      return isPythons(o.cls) ? o.cls.name : null;
    default:
      return null;
  }
}

/** A class of Python's own, made in TypeScript: those of the project and of models have places. */
export const isPythons = (cls: Class): boolean =>
  cls.scope.places === null && !cls.unknownBase && !cls.modelled;

/** That an object has no attribute of that name, neither of its own (who asks has looked) nor from its type. */
export function lacksAttribute(o: Obj, name: string): Proof | null {
  if (o.t === "class") return when(lacksInClass(o, name) && typeAttribute("type", name) === null);
  if (o.t === "instance" && !isPythons(o.cls))
    return when(!o.scope.slots.has("\0open") && name !== "__dict__" && lacksInClass(o.cls, name));
  const type = exactType(o);
  if (type === null || (OPEN.has(type) && !/^__\w+__$/.test(name))) return null;
  // Libraries raise subclasses of it that are not told apart here, with a place in a text.
  if (type === "ValueError" && /^(colno|doc|lineno|msg|pos)$/.test(name)) return null;
  return when(typeAttribute(type, name) === null);
}

/** Known as a whole, with all its ancestors, and without that name. */
function lacksInClass(cls: Class, name: string): boolean {
  return lineage(cls).every((c) => {
    if (c.unknownBase || c.modelled || c.decorated || c.bound) return false;
    if (!c.scope.places) return isTabled(c.name) && typeAttribute(c.name, name) === null;
    const { slots } = c.scope;
    if (slots.has("\0open") || slots.has(name)) return false;
    return (
      !slots.has("__getattr__") && !slots.has("__getattribute__") && typeAttribute("object", name) === null
    );
  });
}

/** What CPython's table says of an attribute that an object has from its type. */
export function tabledAttribute(o: Obj, name: string): { has: "method" | "data"; always: boolean } | null {
  const type = exactType(o);
  return type === null ? null : typeAttribute(type, name);
}

/** That a module of the project has not set a name; who asks has looked for its submodules. */
export const lacksInScope = (module: Obj & { t: "module" }): Proof | null =>
  when(!module.external && !module.scope.slots.has("\0open"));

/** That an object has none of the methods by which an operation works. */
export function lacksAll(o: Obj, ...names: string[]): Proof | null {
  return names.every((name) => lacksAttribute(o, name)) ? PROOF : null;
}

/** That an object cannot be iterated. */
export const isNoIterable = (o: Obj): Proof | null => lacksAll(o, "__iter__", "__getitem__");

/** Is an object of a project's class equal to nothing but itself? */
export const lacksOwnEquality = (o: Instance): boolean =>
  lineage(o.cls).every(
    (c) =>
      !c.unknownBase &&
      !c.modelled &&
      !c.decorated &&
      (c.scope.places !== null || c.name === "object") &&
      !c.scope.slots.has("__eq__"),
  );

/** That an operator refuses two types, whatever the values. */
export function refuses(op: string, a: Obj, b: Obj): Proof | null {
  const [x, y] = [exactType(a), exactType(b)];
  return when(x !== null && y !== null && isRefused(op, x, y));
}

/** That an object is of none of these types, where a function takes no others, and nothing that it would convert. */
export function isNone(o: Obj, ...types: string[]): Proof | null {
  const own = exactType(o);
  if (own === null || types.some((type) => isKindOf(own, type))) return null;
  if (types.includes("int") && typeAttribute(own, "__index__")) return null;
  return when(!(types.includes("path") && typeAttribute(own, "__fspath__")));
}

/** May an object that is not proven to be unhashable be so all the same? A class with an equality of its own has no hash. */
export const mayBeUnhashable = (o: Obj): boolean => o.t === "instance" && !lacksOwnEquality(o);

/** That an object cannot be a key, nor an element of a set. */
export function isUnhashable(o: Obj): Proof | null {
  if (o.t === "tuple") {
    for (const item of o.items) {
      spend();
      const proof = item.t === "choice" ? null : isUnhashable(item);
      if (proof) return proof;
    }
    return null;
  }
  const own = exactType(o);
  return when(own !== null && typeAttribute(own, "__hash__")?.has === "data");
}

/** That a value is no text, nor of a class made of it. */
export function isNoText(o: Obj): Proof | null {
  const own = exactType(o);
  return when(own !== null && own !== "str");
}

/** That a call of a function of the project does not fit its parameters; of a model we know not all of them. */
export const misfits = (f: Func): Proof | null => when(!f.closure.file.startsWith("<"));
