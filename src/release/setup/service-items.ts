import type { Config } from "../../config/types.ts";
import { doorOf } from "../../services/door.ts";
import { type Owner, places, slots } from "../../services/types.ts";
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
  const door = doorOf(config.server);
  const web = door.kind === "none" ? [] : slots.map((slot) => unitName(app, slot));
  const socket = door.kind === "port" ? [socketName(app)] : [];
  const others = Object.keys(config.processes).map((name) => processUnitName(app, name));
  return [...web, ...socket, ...others];
}

/** Every process that supervisord has to know. */
export function allPrograms(config: Config): string[] {
  const door = doorOf(config.server);
  const others = Object.keys(config.processes).map((name) => processProgramName(config.app, name));
  return [...placesOf(door).map((place) => programName(config.app, place, door)), ...others];
}

/**
 * Makes the manager read its files and start the slots at boot. `files` are the items of those files; `settled`: the last
 * setup went to its end, so that the manager was told of what they are.
 */
export function servicesItem(
  config: Config,
  facts: HostFacts,
  files: SetupItem[],
  settled: boolean,
): SetupItem {
  const same = files.every((file) => file.unchanged);
  const written = same && settled;
  if (bootUnits(config).length === 0)
    return item("services", true, "nothing is to run on this host", "setup-units.sh", []);
  if (config.server.manager === "systemd") {
    const units = bootUnits(config);
    const known = units.every((unit) => isKnown(unit, facts));
    const systemctl = config.server.scope === "user" ? "systemctl --user" : "systemctl";
    const message = `${systemctl} daemon-reload; ${systemctl} enable ${units.join(" ")}`;
    return item("services", known && written, message, "setup-units.sh", units);
  }
  const programs = allPrograms(config);
  const known = programs.every((program) => facts.programs.has(program));
  const restarts = known && !same ? " (restarts them)" : "";
  const message = `supervisorctl reread; supervisorctl update ${programs.join(" ")}${restarts}`;
  return item("services", known && written, message, "setup-programs.sh", programs);
}

const processName = /^[a-z][a-z0-9-]{0,30}$/;

/** What an earlier setup wired and the configuration no longer has: other processes, a web server. */
export function forgetItem(config: Config, owner: Owner | null): SetupItem[] {
  const { app } = config;
  if (!owner) return [];
  const kind = config.server.manager;
  const name = kind === "systemd" ? processUnitName : processProgramName;
  // As the configuration allows them: a record may have been forged where the application could write it.
  const known = Object.keys(owner.processes ?? {}).filter((process) => processName.test(process));
  const gone = known.filter((process) => !(process in config.processes));
  const names = [...gone.map((process) => name(app, process)), ...goneWeb(config, owner)];
  if (names.length === 0) return [];
  const parameters = [kind, `${app}/${config.environment}`, ...names];
  return [item("forget", false, `stop and remove ${names.join(", ")}`, "setup-forget.sh", parameters)];
}

/** The web server of a host that no longer has the role web. */
function goneWeb({ app, server }: Config, owner: Owner): string[] {
  const kind = server.manager;
  if (doorOf(server).kind !== "none" || owner.manager.places?.length === 0) return [];
  const handed = owner.door?.startsWith("port ") ?? false;
  const wired = owner.door === undefined ? slots : places;
  if (kind === "supervisord") return handed ? [`${app}-web`] : wired.map((place) => programName(app, place));
  const port = handed ? [socketName(app), `${app}-web.service`] : [];
  return [...port, ...wired.map((place) => unitName(app, place)), `${app}-web@.service`];
}

/** A slot has to be enabled; a port has to be open too. */
function isKnown(unit: string, facts: HostFacts): boolean {
  const fact = facts.units.get(unit);
  return fact?.enabled === true && !fact.stale && (fact.active || !unit.endsWith(".socket"));
}
