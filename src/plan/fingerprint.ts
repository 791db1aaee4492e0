import { createHash } from "node:crypto";
import type { Config } from "../config/types.ts";
import type { Project } from "../project/types.ts";

/**
 * One hash over everything besides files, environment and packages that decides how a release runs. Equal
 * fingerprints (with equal files, values and packages) mean that a deploy has nothing to do.
 */
export function configurationFingerprint(config: Config, project: Project): string {
  const parts = {
    root: project.root.value,
    settings: project.settings.value,
    application: project.application.value,
    interface: project.interface,
    server: { ...config.server, kind: project.server.value },
    processes: config.processes,
    static: config.static,
    shared: config.shared,
    url: config.url,
    health: config.health,
    // Only where it is told, so that releases of before stay equal.
    ...(config.database.aliases === "auto" ? {} : { aliases: config.database.aliases }),
  };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
