import type { Config } from "../config/types.ts";
import { asDeployError, DeployError } from "../errors.ts";
import type { Emit } from "../report/event.ts";

/**
 * Commands as they can be typed: the environment's own name where ENV stands, and a setup that needs no root without one.
 */
export function withName(text: string, config: Pick<Config, "environment" | "server">): string {
  const typed = text.replace(/\b(djdeploy [a-z-]+) ENV\b/g, `$1 ${config.environment}`);
  return config.server.scope === "user" ? typed.replaceAll(" --user root", "") : typed;
}

/** Notes with commands that can be typed as they stand. */
export function namedNotes(emit: Emit, config: Pick<Config, "environment" | "server">): Emit {
  return (event) =>
    emit(event.code === "note" ? { ...event, message: withName(event.message, config) } : event);
}

/** The error with commands in its hint that can be typed as they stand. */
export function named(thrown: unknown, config: Pick<Config, "environment" | "server">): DeployError {
  const error = asDeployError(thrown);
  const { hint } = error.details;
  if (hint === undefined) return error;
  const told = withName(hint, config);
  if (told === hint) return error;
  const copy = new DeployError(error.code, error.exitCode, error.message, { ...error.details, hint: told });
  if (error.stack) copy.stack = error.stack;
  return copy;
}
