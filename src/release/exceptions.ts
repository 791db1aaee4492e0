import type { Config } from "../config/types.ts";
import type { PlanRisk } from "./types.ts";

/** What is not kept from a broken-into application here as it is elsewhere, and what that opens (docs/release.md). */
export function exceptionsOf({ server, shared }: Config): PlanRisk[] {
  const rights = `nothing but the rights of ${server.user} protects`;
  const own = `${rights}: what runs may change its own release, secrets and SSH keys, and shares /tmp`;
  const messages = [
    ...(server.scope === "user" ? [`scope: user: ${own}`] : []),
    ...(server.manager === "supervisord"
      ? [
          `supervisord has no sandbox: ${rights}: what runs shares /tmp, and sees what every user of the host may`,
        ]
      : []),
    ...shared.flatMap(({ path, target }) =>
      target
        ? [
            `shared ${path} leads to ${target}, outside of the application's folder: what may be written there is whatever its owner puts at that name`,
          ]
        : [],
    ),
  ];
  return messages.map((message) => ({ level: "info", message }));
}
