import { getAttribute } from "./builtins/attributes.ts";
import { builtins } from "./builtins/index.ts";
import { evaluate } from "./core/expressions.ts";
import { importByName } from "./core/imports/import-by-name.ts";
import { executeFile, loadModule } from "./core/imports/load-module.ts";
import { execute } from "./core/statements.ts";
import { builtinExceptions, lineage } from "./logic/exceptions.ts";
import type { Core, Death, EnvRead, Machine, Variable } from "./logic/machine.ts";
import { OutOfSteps } from "./logic/steps.ts";
import { startWork } from "./logic/unique.ts";
import type { Class, Place, Unknown, Value } from "./logic/values.ts";
import { FALSE, list, namespaceDict, scope, str, TRUE, topFrame, unknown } from "./logic/values.ts";
import { OutOfWork, renewWork, workDone } from "./logic/work.ts";
import { living } from "./logic/worlds.ts";
import { callValue } from "./objects/calls.ts";
import { ASSUMED_DJANGO, djangoDefaults } from "./outside/django-defaults.ts";
import { findModule, importBase, treePath } from "./outside/project-files.ts";
import { lonely } from "./outside/variables.ts";
import type { ParsedModule, SyntaxProblem } from "./source/parse.ts";
import type { SourceTree } from "./source/tree.ts";

export interface EvaluationInput {
  tree: SourceTree;
  settingsModule: string;
  /** Folder that imports start from, "" for the top of the tree. */
  root: string;
  djangoVersion: string | null;
  /** Of the host; default 3.12. */
  python?: [number, number];
  environment: Record<string, string>;
  provided: string[];
  /** Lower-case names of declared packages, null when the project declares none. */
  packages: Set<string> | null;
}

export interface EvaluatedSetting {
  value: Value;
  /** The statement that decided it; null for Django's default. */
  place: Value | null;
}

/** What a settings module ends with. */
export interface Evaluation {
  /** null when the module is not in the tree. */
  file: string | null;
  settings: Map<string, EvaluatedSetting>;
  /** Where names that are not in `settings` may come from, if anything unknown may set them. */
  open: Unknown | null;
  /** False when there is no world in which the settings load. */
  alive: Value;
  deaths: Death[];
  variables: Variable[];
  reads: EnvRead[];
  /** Files that were executed, and what of them could not be parsed. */
  files: string[];
  problems: (SyntaxProblem & { file: string })[];
  notes: Machine["notes"];
  defaults: Map<string, Value>;
  parsed: Map<string, ParsedModule>;
  /** Evaluation was cut short: nothing that is not there can be called absent. */
  exhausted: boolean;
  /** What it cost. */
  work: number;
  machine: Machine;
}

const MAX_ROUNDS = 3;

/**
 * Executes a settings module over every value its environment may have, without running any of it in Python.
 * Never throws for what the files hold.
 */
export function evaluateSettings(input: EvaluationInput): Evaluation {
  const files = new Set(input.tree.list());
  const folders = new Set<string>();
  for (const f of files)
    for (let cut = f.lastIndexOf("/"); cut > 0; cut = f.lastIndexOf("/", cut - 1)) {
      const folder = f.slice(0, cut);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  const interesting: Machine["interesting"] = new Map();
  const parsed = new Map<string, ParsedModule>();
  const machine = (trusting: boolean): Machine =>
    newMachine(input, files, folders, interesting, parsed, trusting);
  const result = rounds(input, () => machine(true));
  const outside = result.notes.some((n) => n.kind === "star-outside");
  return outside && !isComplete(result) ? rounds(input, () => machine(false)) : result;
}

/**
 * Has the project settings of its own, so that what it imports with a star from elsewhere is the defaults of an app?
 * A project that takes its apps or its middleware from elsewhere may take anything from there.
 */
function isComplete({ settings }: Evaluation): boolean {
  const own = (name: string): boolean => {
    const v = settings.get(name)?.value;
    return v !== undefined && v.t !== "unknown" && v.t !== "missing";
  };
  return own("INSTALLED_APPS") && own("ROOT_URLCONF") && (own("MIDDLEWARE") || own("MIDDLEWARE_CLASSES"));
}

function rounds(input: EvaluationInput, machine: () => Machine): Evaluation {
  let result: Evaluation | null = null;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const m = machine();
    result = runOnce(m, input);
    // A large project is looked at once more at most: what it compares with is found in the first round.
    if (lonely(m) && !result.exhausted) continue;
    if (!m.grown || result.exhausted || (round > 0 && m.steps > 20_000) || result.work > 200_000) break;
  }
  return result as Evaluation;
}

/** What stands below this file and needs what stands above it finds it on its machine. */
const CORE: Core = { evaluate, execute, getAttribute, importByName, executeFile };

function newMachine(
  input: EvaluationInput,
  files: Set<string>,
  folders: Set<string>,
  interesting: Machine["interesting"],
  parsed: Map<string, ParsedModule>,
  trusting: boolean,
): Machine {
  const nowhere: Place = { t: "place", file: "", line: 1, column: 1 };
  const module = { t: "module", name: "", scope: scope(), file: null, external: true } as const;
  const base = importBase(files, input.root, input.settingsModule);
  const m: Machine = {
    core: CORE,
    tree: input.tree,
    files,
    folders,
    root: input.root,
    settingsModule: input.settingsModule,
    python: input.python ?? [3, 12],
    djangoVersion: input.djangoVersion ?? ASSUMED_DJANGO,
    pc: TRUE,
    allowed: new Map(),
    survivors: [],
    dead: false,
    outside: new Map(),
    handlers: [],
    variables: [],
    byName: new Map(),
    given: { DJANGO_SETTINGS_MODULE: input.settingsModule, ...input.environment },
    provided: new Set(input.provided),
    interesting,
    grown: false,
    environment: scope(),
    reads: [],
    modules: new Map(),
    builtins: new Map(),
    exceptions: builtinExceptions(),
    deaths: [],
    parsed,
    executed: [],
    pythonFolders: new Map(),
    sysPath: list([input.root, ...(base === null ? [] : [base])].map((folder) => str(treePath(folder)))),
    problems: [],
    trusting,
    notes: [],
    loops: [],
    loose: 0,
    raising: false,
    current: [],
    here: nowhere,
    callers: [],
    written: scope(),
    hostFiles: new Map(),
    frame: topFrame(module, [], ""),
    depth: 0,
    nested: 0,
    steps: 0,
    statement: 0,
    doubts: 0,
    packages: input.packages,
  };
  m.builtins = builtins(m);
  return m;
}

const tooLong = (): Unknown => unknown("the settings are too long to follow");

function runOnce(m: Machine, input: EvaluationInput): Evaluation {
  const found = findModule(m, input.settingsModule);
  let exhausted = false;
  startWork();
  try {
    if (found?.file) loadModule(m, input.settingsModule);
    applyConfiguration(m);
  } catch (e) {
    if (!(e instanceof OutOfSteps || e instanceof OutOfWork || e instanceof RangeError)) throw e;
    exhausted = true;
  }
  const work = workDone();
  renewWork();
  const module = m.modules.get(input.settingsModule)?.module;
  const settings = new Map<string, EvaluatedSetting>();
  for (const [name, v] of module?.scope.slots ?? []) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) continue;
    const value = exhausted ? tooLong() : living(m, v);
    if (value.t !== "missing") settings.set(name, { value, place: module?.scope.places?.get(name) ?? null });
  }
  const open = module?.scope.slots.get("\0open");
  return {
    file: found?.file ?? null,
    settings,
    open: exhausted ? tooLong() : open?.t === "unknown" && !open.trusted ? open : null,
    alive: m.dead ? FALSE : TRUE,
    deaths: m.deaths,
    variables: m.variables,
    reads: m.reads,
    files: m.executed,
    problems: m.problems,
    notes: m.notes,
    defaults: djangoDefaults(m.djangoVersion),
    parsed: m.parsed,
    exhausted,
    work,
    machine: m,
  };
}

/** django-configurations: the settings are those of a class; its importer copies them into the module. */
function applyConfiguration(m: Machine): void {
  const module = m.modules.get(m.settingsModule)?.module;
  const library = m.modules.get("configurations")?.module;
  const base = library?.scope.slots.get("Configuration");
  const apply = library?.scope.slots.get("_apply");
  if (!module || base?.t !== "class" || !apply) return;
  const classes = [...module.scope.slots.values()].filter(
    (v): v is Class => v.t === "class" && v !== base && lineage(v).includes(base),
  );
  const wanted = m.given.DJANGO_CONFIGURATION;
  const chosen =
    classes.find((c) => c.name === wanted) ?? classes.find((c) => /^prod/i.test(c.name)) ?? classes[0];
  if (!chosen) return;
  callValue(m, apply, [chosen, namespaceDict(module.scope)]);
  // The statement that decided a setting is the class's own, not the one that copied it.
  for (const cls of lineage(chosen).reverse())
    for (const [name, place] of cls.scope.places ?? [])
      if (module.scope.slots.has(name)) module.scope.places?.set(name, place);
}
