import { asDeployError, DeployError } from "../errors.ts";
import { unforeseen } from "../unforeseen.ts";

/** Any thrown value as the error that is shown: of what we did not foresee `--verbose` adds the way it came, no text. */
export function shown(thrown: unknown, verbose: boolean): DeployError {
  const error = asDeployError(thrown);
  if (error.code !== "internal" || error.details.output) return error;
  const { places } = unforeseen(error.details.cause);
  return new DeployError(error.code, error.exitCode, error.message, {
    ...error.details,
    ...(verbose && places.length > 0
      ? { output: places.join("\n") }
      : { hint: "this is a bug of djdeploy: please report it with what --verbose shows" }),
  });
}
