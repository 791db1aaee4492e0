import { join } from "node:path";
import { judge } from "./judge.ts";
import { toConfig } from "./resolve.ts";
import type { Config } from "./types.ts";

/** The defaults for a folder that has no djdeploy.yml yet: enough to judge settings and to run tests. */
export function bareConfig(directory: string): Config {
  const judged = judge("app: app\nenvironments: {production: {hosts: [localhost]}}\n");
  return toConfig(join(directory, "djdeploy.yml"), "production", judged.environments.get("production")!);
}
