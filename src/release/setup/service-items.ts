import type { Config } from "../../config/types.ts";
import { doorOf } from "../../services/door.ts";
import { slots } from "../../services/types.ts";
import { placesOf, programName, socketName, unitName } from "../../services/wiring.ts";
import type { HostFacts } from "./facts.ts";
import { item, type SetupItem } from "./item.ts";

/** The units that systemd starts at boot; the gate decides which slot does. */
export function bootUnits(config: Config): string[] {
  const { app } = config;
  const socket = doorOf(config.server).kind === "port" ? [socketName(app)] : [];
  return [...slots.map((slot) => unitName(app, slot)), ...socket];
}

/** Every process that supervisord has to know. */
export function allPrograms(config: Config): string[] {
  const door = doorOf(config.server);
  return placesOf(door).map((place) => programName(config.app, place, door));
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

/** A slot has to be enabled; a port has to be open too. */
function isKnown(unit: string, facts: HostFacts): boolean {
  const fact = facts.units.get(unit);
  return fact?.enabled === true && !fact.stale && (fact.active || !unit.endsWith(".socket"));
}
