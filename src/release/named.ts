import type { Config } from "../config/types.ts";
import { asDeployError, DeployError } from "../errors.ts";

/**
 * The error with the environment's own name where its hint says ENV, and a setup that needs no root without one: commands
 * that can be typed as they stand.
 */
export function named(thrown: unknown, config: Pick<Config, "environment" | "server">): DeployError {
  const error = asDeployError(thrown);
  const { hint } = error.details;
  if (hint === undefined) return error;
  const typed = hint.replace(/\b(djdeploy [a-z-]+) ENV\b/g, `$1 ${config.environment}`);
  const told = config.server.scope === "user" ? typed.replaceAll(" --user root", "") : typed;
  if (told === hint) return error;
  const copy = new DeployError(error.code, error.exitCode, error.message, { ...error.details, hint: told });
  if (error.stack) copy.stack = error.stack;
  return copy;
}
