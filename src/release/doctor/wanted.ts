import type { Config } from "../../config/types.ts";
import { certbotOf } from "../../services/certificate.ts";
import { doorOf } from "../../services/door.ts";
import { rootCommands } from "../../services/wiring.ts";
import { bootUnits } from "../setup/service-items.ts";

/** Commands of root's that a deploy needs, as argv. */
export function wantedCommands({ app, server, processes }: Config): string[][] {
  if (server.scope === "user") return [];
  return rootCommands(app, server.manager, doorOf(server), Object.keys(processes));
}

/** systemd's units that have to be there after a reboot. */
export function wantedUnits(config: Config): string[] {
  const { server, nginx, tls } = config;
  const web = doorOf(server).kind === "link";
  return [
    ...(server.manager === "systemd" ? bootUnits(config) : ["supervisor.service"]),
    ...(web && nginx !== "none" ? ["nginx.service"] : []),
    ...(web && nginx === "manage" && certbotOf(tls) ? ["certbot.timer"] : []),
  ];
}
