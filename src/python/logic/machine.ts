import type { Expr, ParsedModule, Stmt } from "../source/parse.ts";
import type { SourceTree } from "../source/tree.ts";
import type { Class, Frame, Instance, List, ModuleObj, Place, Scope, Value } from "./values.ts";

/** A text that a variable of the environment is tried with. */
export interface Tried {
  /** null = it is not set. */
  text: string | null;
  /**
   * `project`: compared with by the settings (or not set). `word`: what casts know, `True`. `made-up`: an example that
   * stands for any text of its kind: it may decide what is found, and may never be told.
   */
  origin: "project" | "word" | "made-up";
}

/** A fact about the outside that the settings depend on. */
export type Variable =
  | { kind: "env"; name: string; values: Tried[] }
  /** True or false, we do not know which; `from`: the variables it hides, if it hides any. */
  | { kind: "fact"; reason: string; from: ReadonlySet<number> };

export interface EnvRead {
  name: string;
  place: Place;
  /** Python text of what is used when unset; null = nothing. */
  default: string | null;
  cast: string | null;
}

export interface Handler {
  caught: { when: Value; error: Instance }[];
  /** It may catch what we do not follow: who raised nothing that we know of may still end up there. */
  guards: boolean;
  /** The statement being executed, and the worlds of which it is said already that it may raise in them. */
  doubted: { statement: number; worlds: Value };
}

export interface Death {
  /** By a raise statement of a module's own level: nothing that we might have followed wrongly. */
  plain: boolean;
  when: Value;
  error: Instance;
  place: Place;
}

/**
 * What runs code and knows all objects, for files that stand below those that do: a call runs statements, and a
 * statement calls. Set once, by evaluate.ts.
 */
export interface Core {
  /** The value of an expression in the worlds being executed. */
  evaluate(m: Machine, node: Expr): Value;
  /** Executes statements in order. */
  execute(m: Machine, body: Stmt[]): void;
  /** `v.name`; `fallback` is what getattr gives instead of AttributeError. */
  getAttribute(m: Machine, v: Value, name: string, fallback?: Value): Value;
  /** `importlib.import_module(name, package)`. */
  importByName(m: Machine, name: Value, pack: Value): Value;
  /** Executes a file of the project in a module's scope. */
  executeFile(m: Machine, module: ModuleObj, file: string): void;
}

/** The state of one evaluation. */
export interface Machine {
  core: Core;
  tree: SourceTree;
  files: Set<string>;
  folders: Set<string>;
  /** Folder of manage.py, "" for the top. */
  root: string;
  settingsModule: string;
  python: [number, number];
  djangoVersion: string;
  /** Condition of the worlds that execute the current statement. */
  pc: Value;
  /** Values of single variables with which the settings have not failed to load; most failures are about one. */
  allowed: Map<number, number>;
  /** Conditions about several variables of not having failed; no two share a variable. */
  survivors: { about: Set<number>; when: Value }[];
  /** No world is left. */
  dead: boolean;
  /** Values of variables as they come from outside, made once. */
  outside: Map<string, Value>;
  handlers: Handler[];
  variables: Variable[];
  byName: Map<string, number>;
  given: Record<string, string>;
  provided: Set<string>;
  /** Texts worth trying as values of a variable, found by what it is compared with. */
  interesting: Map<string, Map<string, Tried>>;
  grown: boolean;
  /** Variables the settings themselves have set. */
  environment: Scope;
  reads: EnvRead[];
  modules: Map<string, { module: ModuleObj; loaded: Value }>;
  builtins: Map<string, Value>;
  exceptions: Map<string, Class>;
  deaths: Death[];
  parsed: Map<string, ParsedModule>;
  /** Files of the project that were executed, in order. */
  executed: string[];
  pythonFolders: Map<string, boolean>;
  /** sys.path: where imports look. */
  sysPath: List;
  problems: { file: string; line: number; column: number; message: string }[];
  /** Star imports from outside the project are taken to bring no setting that the project's own files have. */
  trusting: boolean;
  /** Calls we could not follow, imports not found: what rules and reasons are made of. */
  notes: { kind: string; what: string; place: Place; when: Value }[];
  /** Loops being executed, innermost last. */
  loops: { broken: Value; continued: Value }[];
  /** How many of them run nobody knows how often: what they change is forgotten at their end. */
  loose: number;
  /** A raise statement is being executed. */
  raising: boolean;
  /** Exceptions being handled, innermost last. */
  current: Instance[];
  here: Place;
  frame: Frame;
  /** Frames of the project that have called into a modelled library. */
  callers: Frame[];
  /** Files that the settings themselves have written, by absolute path. */
  written: Scope;
  /** Whether a path outside the repository exists on the host. */
  hostFiles: Map<string, Value>;
  depth: number;
  /** How many leaf functions of `pure` are being executed: what raises in one raises for its leaves only. */
  nested: number;
  steps: number;
  /** Counts the statements as they are executed. */
  statement: number;
  /** How often something unknown may have raised. */
  doubts: number;
  /** Lower-case names of declared packages; null = not known. */
  packages: Set<string> | null;
}

/** A note for rules and reasons. */
export function note(m: Machine, kind: string, what: string): void {
  if (m.notes.length < 2000) m.notes.push({ kind, what, place: m.here, when: m.pc });
}

/** Remembers where we are; inside modelled libraries that is where the project called them. */
export function at(m: Machine, node: { lineno: number; col_offset: number }): void {
  if (!m.frame.file.startsWith("<"))
    m.here = { t: "place", file: m.frame.file, line: node.lineno, column: node.col_offset + 1 };
}
