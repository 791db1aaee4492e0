import type { Config } from "../../config/types.ts";
import { doorOf } from "../../services/door.ts";
import { type Owner, slots } from "../../services/types.ts";
import {
  placesOf,
  processProgramName,
  processUnitName,
  programName,
  socketName,
  unitName,
} from "../../services/wiring.ts";
import type { HostFacts } from "./facts.ts";
import { item, type SetupItem } from "./item.ts";

/** The units that systemd starts at boot; the gate decides which slot does. */
export function bootUnits(config: Config): string[] {
  const { app } = config;
  const socket = doorOf(config.server).kind === "port" ? [socketName(app)] : [];
  const others = Object.keys(config.processes).map((name) => processUnitName(app, name));
  return [...slots.map((slot) => unitName(app, slot)), ...socket, ...others];
}

/** Every process that supervisord has to know. */
export function allPrograms(config: Config): string[] {
  const door = doorOf(config.server);
  const others = Object.keys(config.processes).map((name) => processProgramName(config.app, name));
  return [...placesOf(door).map((place) => programName(config.app, place, door)), ...others];
}

/** Makes the manager read its files and start the slots at boot. `files` are the items of those files. */
export function servicesItem(config: Config, facts: HostFacts, files: SetupItem[]): SetupItem {
  const written = files.every((file) => file.unchanged);
  if (config.server.manager === "systemd") {
    const units = bootUnits(config);
    const known = units.every((unit) => isKnown(unit, facts));
    const message = `systemctl daemon-reload; systemctl enable ${units.join(" ")}`;
    return item("services", known && written, message, "setup-units.sh", units);
  }
  const programs = allPrograms(config);
  const known = programs.every((program) => facts.programs.has(program));
  const restarts = known ? " (restarts them)" : "";
  const message = `supervisorctl reread; supervisorctl update ${programs.join(" ")}${restarts}`;
  return item("services", known && written, message, "setup-programs.sh", programs);
}

/** Processes that an earlier setup wired and that the configuration no longer names. */
export function forgetItem(config: Config, owner: Owner | null): SetupItem[] {
  const { app } = config;
  const gone = Object.keys(owner?.processes ?? {}).filter((name) => !(name in config.processes));
  if (!owner || gone.length === 0) return [];
  const { kind } = owner.manager;
  const name = kind === "systemd" ? processUnitName : processProgramName;
  const names = gone.map((process) => name(app, process));
  return [item("forget", false, `stop and remove ${names.join(", ")}`, "setup-forget.sh", [kind, ...names])];
}

/** A slot has to be enabled; a port has to be open too. */
function isKnown(unit: string, facts: HostFacts): boolean {
  const fact = facts.units.get(unit);
  return fact?.enabled === true && !fact.stale && (fact.active || !unit.endsWith(".socket"));
}
