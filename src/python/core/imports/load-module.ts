import { and, ite, not, or, possible } from "../../logic/decide.ts";
import { type Machine, note } from "../../logic/machine.ts";
import { raise } from "../../logic/outcomes.ts";
import { write } from "../../logic/scopes.ts";
import type { ModuleObj, Value } from "../../logic/values.ts";
import { list, MISSING, NONE, scope, str, TRUE, topFrame, unknown } from "../../logic/values.ts";
import { simplified } from "../../logic/worlds.ts";
import { declared } from "../../outside/declared.ts";
import { findModule, treePath } from "../../outside/project-files.ts";
import { parseModule } from "../../source/parse.ts";
import { libraryModule } from "../../stdlib/index.ts";
import { isStandard } from "../../stdlib/standard.ts";
import { perhaps } from "./host-modules.ts";

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
  m.frame = topFrame(module, parsed.lines, file);
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
export function outside(m: Machine, name: string): Value {
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
  m.frame = topFrame(module, parsed.lines, `<${module.name}>`);
  module.scope.slots.set("__name__", str(module.name));
  m.core.execute(m, parsed.body);
  Object.assign(m, { frame, here, pc, handlers });
}
