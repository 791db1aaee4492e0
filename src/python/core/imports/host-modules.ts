import { each } from "../../logic/apply.ts";
import { and, not, possible } from "../../logic/decide.ts";
import { fact } from "../../logic/facts.ts";
import { type Machine, note } from "../../logic/machine.ts";
import { raise } from "../../logic/outcomes.ts";
import type { ModuleObj } from "../../logic/values.ts";
import { scope, TRUE } from "../../logic/values.ts";
import { declared } from "../../outside/declared.ts";
import { findModule } from "../../outside/project-files.ts";
import { libraryModule } from "../../stdlib/index.ts";
import { isStandard } from "../../stdlib/standard.ts";

/** A name for settings, not for a package. */
const SETTINGS_LIKE =
  /(^|[._])(settings?|local|conf|config|configuration|secrets?|private|custom|site|overrides?)([._]|$)/;

/**
 * Is a module that may be absent one of settings which git does not have: beside the project's own, or brought with
 * a star or by the names of settings? A package that nobody declares is none, and counts as not installed.
 */
export function isHostModule(m: Machine, name: string, brings: readonly string[]): boolean {
  const top = name.split(".")[0] as string;
  if (m.handlers.length === 0 || m.frame.file.startsWith("<")) return false;
  if (isStandard(top) || libraryModule(m, name) || declared(m, top) || findModule(m, name)) return false;
  if (findModule(m, top)) return true;
  const settings = brings.length > 0 && brings.every((one) => one === "*" || /^[A-Z][A-Z0-9_]+$/.test(one));
  return settings || SETTINGS_LIKE.test(name);
}

/** A module that may be there or not: where it is, what it holds is not known; where not, it raises. */
export function perhaps(m: Machine, name: string, reason: string): ModuleObj {
  note(m, "import", name);
  const there = fact(m, reason);
  const { pc } = m;
  m.pc = and(pc, not(there));
  if (possible(m.pc)) each(m, TRUE, () => raise(m, "ModuleNotFoundError", `No module named '${name}'`));
  m.pc = and(pc, there);
  return { t: "module", name, scope: scope(), file: null, external: true };
}
