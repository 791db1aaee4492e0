import { each } from "./apply.ts";
import { always, and, ite, leaves, not, or, possible, toCondition } from "./decide.ts";
import { declared } from "./declared.ts";
import { fact } from "./facts.ts";
import { isHostModule, perhaps } from "./host-modules.ts";
import { hostMaySet, packageMaySet } from "./host-settings.ts";
import { type Machine, note } from "./machine.ts";
import { gap, raise } from "./outcomes.ts";
import type { Stmt } from "./parse.ts";
import { parseModule } from "./parse.ts";
import { findModule, treePath } from "./project-files.ts";
import { read, scopeFor, write } from "./scopes.ts";
import { libraryModule } from "./stdlib/index.ts";
import { isStandard } from "./stdlib/standard.ts";
import type { ModuleObj, Value } from "./values.ts";
import { FALSE, list, MISSING, NONE, scope, str, TRUE, unknown } from "./values.ts";
import { interest, TRIED_HOST } from "./variables.ts";
import { simplified } from "./worlds.ts";

type Alias = (Stmt & { nodeType: "Import" })["names"][number];

/** `import a.b` and `import a.b as c`. */
export function importPlain(m: Machine, alias: Alias): void {
  const module = isHostModule(m, alias.name, []) ? onHost(m, alias.name) : loadModule(m, alias.name);
  if (!possible(m.pc)) return;
  const top = alias.name.split(".")[0] as string;
  if (alias.asname) write(m, scopeFor(m, alias.asname), alias.asname, module);
  else write(m, scopeFor(m, top), top, m.modules.get(top)?.module ?? module);
}

/** `from a.b import c, d as e`, `from . import c`, `from a import *`. */
export function importFrom(m: Machine, node: Stmt & { nodeType: "ImportFrom" }): void {
  const name = absoluteName(m, node.module ?? "", node.level ?? 0);
  if (name === "__future__") return;
  const brings = node.names.map((alias) => alias.name);
  const apart = isHostModule(m, name, brings);
  const module = apart ? onHost(m, name) : loadModule(m, name);
  if (!possible(m.pc) || module.t !== "module") return;
  if (apart && brings.includes("*")) {
    hostMaySet(m, name);
    return;
  }
  for (const alias of node.names) {
    if (!possible(m.pc)) return;
    if (alias.name === "*") star(m, module);
    else
      write(
        m,
        scopeFor(m, alias.asname ?? alias.name),
        alias.asname ?? alias.name,
        member(m, module, alias.name),
      );
  }
}

const onHost = (m: Machine, name: string): ModuleObj =>
  perhaps(m, name, `whether ${name} is on the host is not known`);

function absoluteName(m: Machine, name: string, level: number): string {
  if (level === 0) return name;
  const own = m.frame.module;
  const parts = own.name.split(".");
  const isPackage = own.file === null || own.file.endsWith("/__init__.py") || own.file === "__init__.py";
  const up = level - (isPackage ? 1 : 0);
  if (up > parts.length - (isPackage ? 1 : 0))
    return raise(m, "ImportError", "attempted relative import with no known parent package");
  return [...parts.slice(0, parts.length - up), ...(name ? [name] : [])].join(".");
}

function member(m: Machine, module: ModuleObj, name: string): Value {
  const slot = read(m, module.scope, name);
  const absent = toCondition(slot, (o) => o.t === "missing");
  if (!possible(absent)) return slot;
  if (module.external) {
    if (slot.t !== "missing") return slot;
    if (libraryModule(m, `${module.name}.${name}`)) return loadModule(m, `${module.name}.${name}`);
    return unknown(`${module.name}.${name} is outside the project`);
  }
  const other = (): Value => {
    if (findModule(m, `${module.name}.${name}`)) return loadModule(m, `${module.name}.${name}`);
    const open = module.scope.slots.get("\0open");
    if (open) return open;
    note(m, "import", `${module.name}.${name}`);
    return raise(m, "ImportError", `cannot import name '${name}' from '${module.name}'`);
  };
  return each(m, slot, (o) => (o.t === "missing" ? other() : o));
}

/** Copies every public name, with the places they were decided at. */
function star(m: Machine, module: ModuleObj): void {
  const into = m.frame.scope;
  if (module.external && module.scope.slots.size === 0) {
    starOutside(m, module.name);
    return;
  }
  const all = read(m, module.scope, "__all__");
  const listed =
    all.t === "list" && all.content.t === "tuple" ? all.content.items : all.t === "tuple" ? all.items : null;
  const names = listed
    ? listed.flatMap((v) => (v.t === "str" ? [v.v] : []))
    : [...module.scope.slots.keys()].filter((n) => !n.startsWith("_"));
  for (const name of names) {
    if (name === "\0open") {
      const open = module.scope.slots.get(name);
      if (open) into.slots.set(name, open);
      continue;
    }
    const v = read(m, module.scope, name);
    const there = toCondition(v, (o) => o.t !== "missing");
    if (!possible(there)) continue;
    const { here } = m;
    const place = module.scope.places?.get(name);
    if (place && place.t === "place") m.here = place;
    write(m, into, name, always(there) ? v : ite(there, v, read(m, into, name)));
    if (place && into.places) {
      const when = and(m.pc, there);
      const old = into.places.get(name) ?? place;
      into.places.set(name, always(simplified(m, when)) ? place : ite(when, place, old));
    }
    m.here = here;
  }
}

/** A star import of a module that nobody here can read. */
function starOutside(m: Machine, name: string): void {
  const { slots } = m.frame.scope;
  note(m, "star-outside", name);
  const from = unknown(`${name} is outside the project`, { trusted: m.trusting });
  const open = slots.get("\0open");
  if (open?.t !== "unknown" || open.trusted) slots.set("\0open", from);
  if (m.trusting) {
    packageMaySet(m, name);
    return;
  }
  for (const [own, old] of slots)
    if (/^[A-Z]/.test(own)) slots.set(own, ite(fact(m, from.reason), unknown(from.reason), old));
}

/** `importlib.import_module(name, package)` and `__import__`. */
export function importByName(m: Machine, name: Value, pack: Value): Value {
  if (name.t === "choice") suggestModules(m, name);
  return each(m, name, (o) => {
    if (o.t === "unknown") return gap(`import of a module whose name is not known: ${o.reason}`);
    if (o.t !== "str") return gap("an import of no text");
    if (o.v === "") return raise(m, "ValueError", "Empty module name");
    const top = o.v.split(".")[0] as string;
    if (name.t === "choice" && top !== "" && !isStandard(top) && !findModule(m, top)) {
      // Of the texts we try for a variable this one stands for a name of which nothing is known.
      if (o.v === TRIED_HOST) hostMaySet(m, "the module that a variable names");
      if (o.v === TRIED_HOST && m.handlers.length === 0)
        return unknown("the module that a variable names is not known");
      return raise(m, "ModuleNotFoundError", `No module named '${o.v}'`);
    }
    const dots = /^\.*/.exec(o.v)?.[0].length ?? 0;
    if (dots === 0) return loadModule(m, o.v);
    const base = pack.t === "str" ? pack.v : m.frame.module.name;
    const parts = base.split(".").slice(0, dots > 1 ? 1 - dots : undefined);
    return loadModule(m, [...parts, o.v.slice(dots)].join("."));
  });
}

/** The name of a module depends on a variable: try the modules that are there. */
function suggestModules(m: Machine, name: Value): void {
  const all = leaves(name);
  const whole = all.some((o) => o.t === "str" && o.v === TRIED_HOST);
  for (const o of all) {
    if (o.t !== "str") continue;
    const parent = o.v.split(".").slice(0, -1).join(".");
    const found = findModule(m, parent);
    if (!found) continue;
    for (const file of m.files) {
      const inside = file.startsWith(`${found.folder}/`) ? file.slice(found.folder.length + 1) : "";
      if (/^[a-z]\w*\.py$/.test(inside))
        interest(m, name, `${whole ? `${parent}.` : ""}${inside.slice(0, -3)}`);
    }
  }
}

/** The module of an absolute name, executed; parents first. Raises ModuleNotFoundError where there is none. */
export function loadModule(m: Machine, name: string): Value {
  const parts = name.split(".");
  let found: Value = NONE;
  for (let n = 1; n <= parts.length; n++) {
    const dotted = parts.slice(0, n).join(".");
    const parent = found;
    found = loadOne(m, dotted);
    if (!possible(m.pc)) return found;
    if (parent.t === "module" && found.t === "module" && !parent.external)
      write(m, parent.scope, parts[n - 1] as string, found);
    if (parent.t === "module" && parent.external && found.t === "module")
      parent.scope.slots.set(parts[n - 1] as string, found);
  }
  return found;
}

function loadOne(m: Machine, name: string): Value {
  const known = m.modules.get(name);
  const need = known ? simplified(m, and(m.pc, not(known.loaded))) : m.pc;
  if (known && !possible(need)) return known.module;
  const place = isStandard(name) ? null : findModule(m, name);
  if (!place) return known ? known.module : outside(m, name);
  const module: ModuleObj = known?.module ?? {
    t: "module",
    name,
    scope: scope(m.pc, true),
    file: place.file,
    external: false,
  };
  if (known) {
    // A second execution, for worlds that did not need it before.
    for (const [k, v] of module.scope.slots) module.scope.slots.set(k, ite(known.loaded, v, MISSING));
    known.loaded = or(known.loaded, need);
    module.scope.born = known.loaded;
  } else m.modules.set(name, { module, loaded: m.pc });
  if (place.file !== null) executeFile(m, module, place.file, need);
  return module;
}

/** Nobody writes a settings module of more characters by hand; reading a generated one takes seconds. */
const LONGEST = 2_000_000;

/** Executes a file of the project in a module's scope. */
export function executeFile(m: Machine, module: ModuleObj, file: string, when: Value = m.pc): void {
  const text = m.tree.read(file);
  if (text === null) return;
  if (text.length > LONGEST) {
    const reason = `${file} is too long to read: ${Math.round(text.length / 1e6)} MB`;
    module.scope.slots.set("\0open", unknown(reason));
    return;
  }
  let parsed = m.parsed.get(file);
  if (!parsed) {
    parsed = parseModule(text);
    m.parsed.set(file, parsed);
  }
  if (!m.executed.includes(file)) m.executed.push(file);
  for (const p of parsed.problems)
    if (!m.problems.some((q) => q.file === file && q.line === p.line)) m.problems.push({ file, ...p });
  const { frame, here, pc } = m;
  const rest = simplified(m, and(pc, not(when)));
  m.frame = {
    scope: module.scope,
    module,
    parent: null,
    outer: new Map(),
    isClass: false,
    cls: null,
    lines: parsed.lines,
    file,
    done: FALSE,
    result: NONE,
    yields: null,
    self: null,
  };
  m.pc = when;
  const own = module.scope.slots;
  if (!own.has("__name__")) {
    own.set("__name__", str(module.name));
    own.set("__file__", str(treePath(file)));
    own.set("__doc__", NONE);
    own.set("__spec__", unknown("__spec__", { truthy: true }));
    if (file.endsWith("__init__.py"))
      own.set("__path__", list([str(treePath(file.replace(/\/?__init__\.py$/, "")))]));
    own.set(
      "__package__",
      str(file.endsWith("__init__.py") ? module.name : module.name.split(".").slice(0, -1).join(".")),
    );
  }
  m.core.execute(m, parsed.body);
  m.frame = frame;
  m.here = here;
  m.pc = simplified(m, or(rest, m.pc));
}

/** A module that is not in the project: modelled, assumed to be installed, or missing. */
function outside(m: Machine, name: string): Value {
  const top = name.split(".")[0] as string;
  const model = libraryModule(m, name);
  if (model) {
    if (typeof model !== "string") return remember(m, name, model);
    const module = remember(m, name, {
      t: "module",
      name,
      scope: scope(TRUE, false),
      file: null,
      external: true,
    });
    executeModel(m, module, model);
    return module;
  }
  const ours = findModule(m, top) !== null && !isStandard(top);
  if (ours || (m.handlers.length > 0 && !isStandard(top) && !declared(m, top))) {
    if (!ours && m.packages === null) return perhaps(m, name, `whether ${top} is installed is not known`);
    note(m, "import", name);
    return raise(m, "ModuleNotFoundError", `No module named '${name}'`);
  }
  note(m, "external", name);
  return remember(m, name, { t: "module", name, scope: scope(), file: null, external: true });
}

function remember(m: Machine, name: string, module: ModuleObj): ModuleObj {
  m.modules.set(name, { module, loaded: TRUE });
  return module;
}

/** Our own Python text that stands for a library; executed in all worlds. */
function executeModel(m: Machine, module: ModuleObj, text: string): void {
  const { frame, here, pc, handlers } = m;
  m.pc = TRUE;
  m.handlers = [];
  const parsed = parseModule(text);
  m.frame = {
    scope: module.scope,
    module,
    parent: null,
    outer: new Map(),
    isClass: false,
    cls: null,
    lines: parsed.lines,
    file: `<${module.name}>`,
    done: FALSE,
    result: NONE,
    yields: null,
    self: null,
  };
  module.scope.slots.set("__name__", str(module.name));
  m.core.execute(m, parsed.body);
  Object.assign(m, { frame, here, pc, handlers });
}
