import { notYetSupported } from "../errors.ts";
import type { DeployOptions, Outcome, RunContext } from "./types.ts";

/** Takes one revision to all hosts of an environment and proves that it serves. */
export async function deploy(_context: RunContext, _options: DeployOptions): Promise<Outcome> {
  throw notYetSupported("deploy");
}
