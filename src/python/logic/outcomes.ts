import type { Machine } from "./machine.ts";
import type { Proof } from "./proofs.ts";
import type { Class, Instance, Unknown } from "./values.ts";
import { scope, str, unknown } from "./values.ts";

/** A Python exception on its way through natives; becomes a Raised leaf. */
export class PyRaise extends Error {
  readonly error: Instance;
  constructor(error: Instance) {
    super("raised");
    this.error = error;
  }
}

/** What Python does here is not modelled: a value that is not known, or an exception that is not. */
export class NotModelled extends Error {
  readonly as: Unknown;
  constructor(as: Unknown) {
    super("not modelled");
    this.as = as;
  }
}

/** The third outcome beside a value and an exception: Python goes on in some way that nobody models here. */
export function gap(reason: string, facts: Partial<Omit<Unknown, "t" | "id">> = {}): never {
  throw new NotModelled(unknown(reason, facts));
}

export function makeError(m: Machine, cls: string, message: string): Instance {
  const found = m.exceptions.get(cls) ?? (m.exceptions.get("Exception") as Class);
  return { t: "instance", cls: found, scope: scope(), id: 0, message: str(message), ours: true };
}

/**
 * Exceptions that who models an operation raises by looking at the values. TypeError, AttributeError and NameError are
 * not among them: they are what a row missing in a table of ours looks like, and need a proof.
 */
export type Modelled =
  | "KeyError"
  | "IndexError"
  | "ValueError"
  | "ZeroDivisionError"
  | "OverflowError"
  | "StopIteration"
  | "UnicodeDecodeError"
  | "UnicodeEncodeError"
  | "JSONDecodeError"
  | "TOMLDecodeError"
  | "YAMLError"
  | "FileNotFoundError"
  | "FileExistsError"
  | "ModuleNotFoundError"
  | "ImportError"
  | "SyntaxError"
  | "SystemExit";

/** Raises a built-in exception for the leaves in hand. */
export function raise(m: Machine, cls: Modelled, message: string): never {
  throw new PyRaise(makeError(m, cls, message));
}

/** Raises what CPython certainly raises here: `proof` is from proofs.ts; without one the operation is not modelled. */
export function raiseProven(
  m: Machine,
  proof: Proof | null,
  cls: "TypeError" | "AttributeError",
  message: string,
): never {
  if (!proof) return gap(message);
  throw new PyRaise(makeError(m, cls, message));
}

/** An exception of which nothing is known, not even its class. */
export function unknownError(what: Unknown): Instance {
  const cls: Class = { t: "class", name: "Exception", bases: [], unknownBase: what, scope: scope() };
  return { t: "instance", cls, scope: scope(), id: 0, message: unknown(what.reason, { type: "str" }) };
}

export const isUnknownError = (error: Instance): boolean =>
  error.cls.unknownBase !== null && error.cls.bases.length === 0 && error.cls.name === "Exception";
