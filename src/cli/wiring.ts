import { resolve } from "node:path";
import { findConfig, listEnvironments, loadConfig } from "../config/load.ts";
import type { Config } from "../config/types.ts";
import { resolveTargets } from "../ssh/target.ts";
import type { Target } from "../ssh/types.ts";
import type { Common } from "./command.ts";
import type { Io } from "./io.ts";

/** The configuration file that the options name, and what its environments are called. */
export async function findEnvironments(
  io: Io,
  common: Common,
): Promise<{ file: string; environments: string[] }> {
  const file = common.config ?? (await findConfig(io.cwd));
  return { file, environments: await listEnvironments(file, io.cwd) };
}

export async function loadEnvironment(io: Io, file: string, environment: string): Promise<Config> {
  return loadConfig({ file, cwd: io.cwd, environment });
}

/** `user` is for `setup`, which comes in as somebody else. */
export async function findTargets(
  config: Config,
  io: Io,
  common: Common,
  user: string | null = null,
): Promise<Target[]> {
  return resolveTargets(config, {
    face: "cli",
    sshConfig: common["ssh-config"] ?? "auto",
    identity: common.identity === null ? null : resolve(io.cwd, common.identity),
    user,
    agent: io.env.SSH_AUTH_SOCK ?? null,
  });
}
