import { bareConfig } from "../config/bare.ts";
import type { Config } from "../config/types.ts";
import { DeployError } from "../errors.ts";
import type { Invocation, Options } from "./command.ts";
import { noMore, splitEnvironment } from "./environment.ts";
import { findEnvironments, loadEnvironment } from "./wiring.ts";

/**
 * The configuration for a verb that needs no host: of several environments production is taken unless one is named,
 * and a folder without djdeploy.yml is taken with all defaults.
 */
export async function localConfig<O extends Options>({
  io,
  common,
  positionals,
}: Invocation<O>): Promise<Config> {
  const found = await findEnvironments(io, common).catch((error) => {
    const missing = error instanceof DeployError && error.code === "config.not-found";
    if (missing && common.config === null) return null;
    throw error;
  });
  if (found === null) {
    noMore(positionals, "there is no djdeploy.yml, so there are no environments");
    return bareConfig(io.cwd);
  }
  const { file, environments } = found;
  const words =
    positionals.length === 0 && environments.includes("production") ? ["production"] : positionals;
  const { environment } = splitEnvironment(words, environments, false);
  noMore(words.slice(1));
  return loadEnvironment(io, file, environment);
}
