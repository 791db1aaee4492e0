import type { Expr, Stmt } from "../source/parse.ts";
import { spend } from "./work.ts";

/**
 * A Python value as the evaluator sees it: either one object, or a choice between objects, decided by a variable
 * (see world.ts). Everything that can differ from one environment to the next is a choice.
 */
export type Value = Obj | Choice;

/** A decision: which edge holds depends on the value that variable `at` has. Variables grow from root to leaf. */
export interface Choice {
  t: "choice";
  /** See unique.ts: equal choices are one object. */
  id: number;
  at: number;
  edges: Edge[];
}

/** `mask`: one bit for each value of the variable. Worlds that no edge covers cannot happen. */
export interface Edge {
  mask: number;
  to: Value;
}

export type Obj =
  | { t: "none" }
  | { t: "bool"; v: boolean }
  | { t: "num"; v: number; float: boolean }
  | { t: "str"; v: string }
  | { t: "bytes"; v: string }
  | { t: "ellipsis" }
  | Tuple
  | List
  | Dict
  | Func
  | Native
  | Bound
  | Class
  | Instance
  | ModuleObj
  | Unknown
  | Missing
  | Raised
  | NotFollowed
  | { t: "slice"; lower: Value; upper: Value; step: Value }
  | { t: "path"; v: string }
  | Place;

/** Immutable; also what the content of lists and sets is made of. */
export interface Tuple {
  t: "tuple";
  items: Value[];
  /** The names of the items, of a named tuple. */
  fields?: readonly string[];
  /** Python's name of the type, where it is no plain tuple: `range`. */
  kind?: string;
}

/** A list or a set: mutable, its content is a choice between tuples. An element may be a Splat. */
export interface List {
  t: "list" | "set";
  content: Value;
  born: Value;
  id: number;
  /** Python's name of the type, where it is no plain list or set: `frozenset`, `map`, `dict_keys`. */
  kind?: string;
  /** The dict of which it is a view. */
  of?: Dict;
  /** An iterator: what is taken from it is gone. */
  once?: boolean;
  /** Makes the content when it is first asked for, as a generator does. */
  pending?: () => Value;
  /** What Python reads as it goes, each with a way to tell whether it is another one since (objects/reads.ts). */
  reads?: ReadonlyMap<List | Dict, () => boolean>;
}

export interface Dict {
  t: "dict";
  scope: Scope;
  /** Present when there may be keys that we do not know. */
  open: Unknown | null;
  id: number;
  /** What a missing key makes (defaultdict). */
  factory?: Value;
  /** Python's name of the type, where it is no plain dict. */
  kind?: string;
}

export interface Func {
  t: "func";
  name: string;
  node: FunctionNode;
  closure: Frame;
  defaults: Value[];
  kwDefaults: (Value | null)[];
  owner: Class | null;
  /** Contains yield: a call gives the list of what it would yield. */
  generator: boolean;
  /** Names that its body binds, its parameters aside. */
  locals: ReadonlySet<string>;
}

export interface FunctionNode {
  args: {
    posonlyargs: { arg: string }[];
    args: { arg: string }[];
    vararg?: { arg: string };
    kwonlyargs: { arg: string }[];
    kwarg?: { arg: string };
  };
  body: Stmt[] | Expr;
}

/** What is called with values as they are, choices included: positional arguments, then those by name. */
export type Call = (args: Value[], kwargs: Map<string, Value>) => Value;

/** Implemented here. */
export interface Native {
  t: "native";
  name: string;
  call: Call;
}

export interface Bound {
  t: "bound";
  self: Value;
  func: Obj;
}

export interface Class {
  t: "class";
  name: string;
  bases: Class[];
  /** A base that we do not know: attributes may come from it. */
  unknownBase: Unknown | null;
  /** Something unknown has decorated it. */
  decorated?: boolean;
  /** Of a library, as far as we model it: it may have attributes that are not here. */
  modelled?: boolean;
  scope: Scope;
  /** Makes instances of built-in kinds (`int`, `str`); absent for project classes. */
  /** Of what `super()` gives: the object or class that attributes are bound to. */
  bound?: Instance | Class;
  /** An enumeration's. */
  members?: Value[];
  construct?: Call;
}

export interface Instance {
  t: "instance";
  cls: Class;
  scope: Scope;
  id: number;
  /** For exceptions: what it says. */
  message?: Value;
  /** Raised by a model: the message is ours, and Python's may be another. */
  ours?: boolean;
}

export interface ModuleObj {
  t: "module";
  name: string;
  scope: Scope;
  file: string | null;
  /** Outside the project: attributes that are not in `scope` are unknown. */
  external: boolean;
}

/** Not known, and why. */
export interface Unknown {
  t: "unknown";
  id: number;
  reason: string;
  /** Python's name of its type, where at least that is known. */
  type?: string;
  /** Facts that hold although the value is not known. */
  truthy?: boolean;
  length?: number;
  /** Made anew at each start of a process (a random key). */
  generated?: boolean;
  /** Of names that a star import may bring which is taken to bring no setting of Django's. */
  trusted?: boolean;
  /** Variables that it was made from. */
  from?: ReadonlySet<number>;
  /** A function of Python's own that changes nothing it is given, or what such a one gives. */
  harmless?: boolean;
  /** May stand for any number of elements within a tuple's items. */
  splat?: boolean;
  /** For a splat: the elements it stands for, in order, and the worlds of each. See condensed.ts. */
  among?: readonly { item: Value; when: Value }[];
}

/** A name or key that is not there in some worlds. */
export interface Missing {
  t: "missing";
}

/** A result that never comes: the operation raises in these worlds. */
export interface Raised {
  t: "raised";
  error: Instance;
}

/** A result that Python has and we do not: `as` stands for it, and the operation may have raised in these worlds. */
export interface NotFollowed {
  t: "notFollowed";
  as: Unknown;
}

/** Where a value was decided. */
export interface Place {
  t: "place";
  file: string;
  line: number;
  column: number;
}

/** Names and their values; plain writes are right as long as the path is the one it was born under. */
export interface Scope {
  slots: Map<string, Value>;
  born: Value;
  /** The statement that last decided each name; only for modules and classes. */
  places: Map<string, Value> | null;
}

export interface Frame {
  scope: Scope;
  module: ModuleObj;
  parent: Frame | null;
  /** Names declared `global` or `nonlocal`, with the frame they mean. */
  outer: Map<string, Frame>;
  /** Class bodies are no scope for the functions in them. */
  isClass: boolean;
  /** Names that the function binds somewhere: they are never those outside. */
  locals?: ReadonlySet<string>;
  cls: Class | null;
  lines: string[];
  file: string;
  /** Worlds that have returned, and what. */
  done: Value;
  result: Value;
  yields: List | null;
  self: Value | null;
}

export const NONE: Obj = { t: "none" };

export const TRUE: Obj = { t: "bool", v: true };

export const FALSE: Obj = { t: "bool", v: false };

export const MISSING: Missing = { t: "missing" };

export const ELLIPSIS: Obj = { t: "ellipsis" };

let ids = 0;

export const nextId = (): number => ++ids;

/** A text or bytes: what is very large costs as much as many small steps. */
export function textOrBytes(t: "str" | "bytes", v: string): Obj {
  spend(v.length >> 4);
  return { t, v };
}

export const str = (v: string): Obj => textOrBytes("str", v);

export const num = (v: number, float = false): Obj => ({ t: "num", v, float });

export const bool = (v: boolean): Obj => (v ? TRUE : FALSE);

export function tuple(items: Value[]): Tuple {
  spend(items.length >> 5);
  return { t: "tuple", items };
}

export const list = (items: Value[], born: Value = TRUE): List => ({
  t: "list",
  content: tuple(items),
  born,
  id: nextId(),
});

export const scope = (born: Value = TRUE, places = false): Scope => ({
  slots: new Map(),
  born,
  places: places ? new Map() : null,
});

export const dict = (born: Value = TRUE): Dict => ({
  t: "dict",
  scope: scope(born),
  open: null,
  id: nextId(),
});

/** A namespace seen as a dict, which anything may be in as soon as something unknown may have set its names. */
export const namespaceDict = (of: Scope, id = 0): Dict => ({
  t: "dict",
  scope: of,
  get open() {
    const open = of.slots.get("\0open");
    return open?.t === "unknown" ? open : null;
  },
  set open(u) {
    if (u) of.slots.set("\0open", u);
  },
  id,
});

export const unknown = (reason: string, facts: Partial<Omit<Unknown, "t" | "id">> = {}): Unknown => ({
  t: "unknown",
  id: nextId(),
  reason,
  ...facts,
});

export const native = (name: string, call: Call): Native => ({ t: "native", name, call });

/** The items of a list's content; one that is not known stands for any number of them. */
export function itemsIn(content: Value | undefined): Value[] {
  if (content?.t === "tuple") return content.items;
  return content?.t === "unknown" ? [{ ...content, splat: true }] : [];
}

/** Python's name for the type. */
export function typeName(o: Obj): string {
  switch (o.t) {
    case "none":
      return "NoneType";
    case "num":
      return o.float ? "float" : "int";
    case "func":
      return "function";
    case "native":
      return "builtin_function_or_method";
    case "bound":
      return "method";
    case "tuple":
    case "list":
    case "set":
    case "dict":
      return o.kind ?? o.t;
    case "class":
      return "type";
    case "instance":
      return o.cls.name;
    case "path":
      return "PosixPath";
    case "unknown":
      return o.type ?? "unknown";
    default:
      return o.t;
  }
}

/** What runs the text of a module, from its first statement on. */
export const topFrame = (module: ModuleObj, lines: string[], file: string): Frame => ({
  scope: module.scope,
  module,
  parent: null,
  outer: new Map(),
  isClass: false,
  cls: null,
  lines,
  file,
  done: FALSE,
  result: NONE,
  yields: null,
  self: null,
});
