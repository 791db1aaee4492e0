import { each } from "../../logic/apply.ts";
import { leaves } from "../../logic/decide.ts";
import type { Machine } from "../../logic/machine.ts";
import { gap, raise } from "../../logic/outcomes.ts";
import type { Value } from "../../logic/values.ts";
import { unknown } from "../../logic/values.ts";
import { hostMaySet } from "../../outside/host-settings.ts";
import { findModule } from "../../outside/project-files.ts";
import { interest, TRIED_HOST } from "../../outside/variables.ts";
import { isStandard } from "../../stdlib/standard.ts";
import { loadModule } from "./load-module.ts";

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
