import { asDeployError, DeployError } from "../errors.ts";

/** Any thrown value as the error that is shown: what we did not foresee stays short, its stack is for --verbose. */
export function shown(thrown: unknown, verbose: boolean): DeployError {
  const error = asDeployError(thrown);
  if (error.code !== "internal") return error;
  const cause = error.details.cause;
  const stack = cause instanceof Error ? cause.stack : undefined;
  return new DeployError(error.code, error.exitCode, `unexpected: ${error.message || "no message"}`, {
    ...error.details,
    ...(verbose && stack
      ? { output: stack }
      : { hint: "run it again with --verbose to see where it happened" }),
  });
}
