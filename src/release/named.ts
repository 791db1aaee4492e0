import { asDeployError, DeployError } from "../errors.ts";

/** The error with the environment's own name where its hint says ENV: a command that can be typed as it stands. */
export function named(thrown: unknown, environment: string): DeployError {
  const error = asDeployError(thrown);
  const { hint } = error.details;
  if (!hint?.includes("ENV")) return error;
  const command = /\b(djdeploy [a-z-]+) ENV\b/g;
  const copy = new DeployError(error.code, error.exitCode, error.message, {
    ...error.details,
    hint: hint.replace(command, `$1 ${environment}`),
  });
  if (error.stack) copy.stack = error.stack;
  return copy;
}
