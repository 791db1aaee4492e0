import { mayBeAbsent } from "../../logic/absent-names.ts";
import { each } from "../../logic/apply.ts";
import { always, and, ite, possible, toCondition } from "../../logic/decide.ts";
import { fact } from "../../logic/facts.ts";
import { type Machine, note } from "../../logic/machine.ts";
import { raise } from "../../logic/outcomes.ts";
import { read, scopeFor, write } from "../../logic/scopes.ts";
import type { ModuleObj, Value } from "../../logic/values.ts";
import { unknown } from "../../logic/values.ts";
import { simplified } from "../../logic/worlds.ts";
import { hostMaySet, packageMaySet } from "../../outside/host-settings.ts";
import { findModule } from "../../outside/project-files.ts";
import type { Stmt } from "../../source/parse.ts";
import { libraryModule } from "../../stdlib/index.ts";
import { isHostModule, perhaps } from "./host-modules.ts";
import { loadModule } from "./load-module.ts";

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
    mayBeAbsent(m, module, name, "ImportError");
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
