import type { Class } from "./values.ts";
import { scope } from "./values.ts";

/** Python's built-in exceptions, child → parent. */
const PARENTS: Record<string, string | null> = {
  BaseException: null,
  Exception: "BaseException",
  SystemExit: "BaseException",
  KeyboardInterrupt: "BaseException",
  GeneratorExit: "BaseException",
  ArithmeticError: "Exception",
  ZeroDivisionError: "ArithmeticError",
  OverflowError: "ArithmeticError",
  AssertionError: "Exception",
  AttributeError: "Exception",
  EOFError: "Exception",
  ImportError: "Exception",
  ModuleNotFoundError: "ImportError",
  LookupError: "Exception",
  IndexError: "LookupError",
  KeyError: "LookupError",
  NameError: "Exception",
  UnboundLocalError: "NameError",
  OSError: "Exception",
  FileNotFoundError: "OSError",
  FileExistsError: "OSError",
  PermissionError: "OSError",
  IsADirectoryError: "OSError",
  NotADirectoryError: "OSError",
  ConnectionError: "OSError",
  TimeoutError: "OSError",
  RuntimeError: "Exception",
  NotImplementedError: "RuntimeError",
  RecursionError: "RuntimeError",
  StopIteration: "Exception",
  SyntaxError: "Exception",
  TypeError: "Exception",
  ValueError: "Exception",
  UnicodeError: "ValueError",
  UnicodeDecodeError: "UnicodeError",
  UnicodeEncodeError: "UnicodeError",
  JSONDecodeError: "ValueError",
  TOMLDecodeError: "ValueError",
  YAMLError: "Exception",
  Warning: "Exception",
  DeprecationWarning: "Warning",
  UserWarning: "Warning",
  RuntimeWarning: "Warning",
  ImproperlyConfigured: "Exception",
};

const ALIASES: Record<string, string> = { IOError: "OSError", EnvironmentError: "OSError" };

export function builtinExceptions(): Map<string, Class> {
  const classes = new Map<string, Class>();
  for (const [name, parent] of Object.entries(PARENTS)) {
    const base = parent === null ? undefined : classes.get(parent);
    classes.set(name, { t: "class", name, bases: base ? [base] : [], unknownBase: null, scope: scope() });
  }
  for (const [alias, name] of Object.entries(ALIASES)) classes.set(alias, classes.get(name) as Class);
  return classes;
}

/** Every class an object of this one is an instance of, nearest first (C3 where it matters to nobody: depth first). */
export function lineage(cls: Class): Class[] {
  const [first, ...others] = cls.bases;
  if (!first) return [cls];
  return others.length === 0 ? [cls, ...lineage(first)] : merge(cls);
}

/** Python's C3 order; falls back to depth first where Python would refuse the class. */
function merge(cls: Class): Class[] {
  const lists = [...cls.bases.map((b) => lineage(b)), [...cls.bases]];
  const out = [cls];
  while (lists.some((l) => l.length > 0)) {
    const next =
      lists.map((l) => l[0]).find((c) => c && lists.every((l) => !l.slice(1).includes(c))) ??
      lists.find((l) => l.length > 0)?.[0];
    if (!next) break;
    out.push(next);
    for (const l of lists) if (l[0] === next) l.shift();
    for (const l of lists) while (l[0] && out.includes(l[0])) l.shift();
  }
  return out;
}

export function isA(cls: Class, name: string): boolean {
  return lineage(cls).some((c) => c.name === name);
}

/** Is an exception one of Python's own names, and not of a module? */
export const isBuiltinException = (name: string): boolean =>
  !/^(JSONDecodeError|TOMLDecodeError|YAMLError|ImproperlyConfigured)$/.test(name);
