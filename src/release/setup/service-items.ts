import type { Config } from "../../config/types.ts";
import { slots } from "../../services/types.ts";
import { programName, unitName } from "../../services/wiring.ts";
import type { HostFacts } from "./facts.ts";
import { item, type SetupItem } from "./item.ts";

/** Makes the manager read its file and start the slots at boot. `file` is the item of that file. */
export function servicesItem(config: Config, facts: HostFacts, file: SetupItem): SetupItem {
  const { app } = config;
  if (config.server.manager === "systemd") {
    const units = slots.map((slot) => unitName(app, slot));
    const known = units.every((unit) => facts.units.get(unit)?.enabled && !facts.units.get(unit)?.stale);
    const message = `systemctl daemon-reload; systemctl enable ${units.join(" ")}`;
    return item("services", known && file.unchanged, message, "setup-units.sh", units);
  }
  const programs = slots.map((slot) => programName(app, slot));
  const known = programs.every((program) => facts.programs.has(program));
  const restarts = known ? " (restarts them)" : "";
  const message = `supervisorctl reread; supervisorctl update ${programs.join(" ")}${restarts}`;
  return item("services", known && file.unchanged, message, "setup-programs.sh", programs);
}
