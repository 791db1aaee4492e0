import { notYetSupported } from "../errors.ts";
import type { Outcome, RollbackOptions, RunContext } from "./types.ts";

/** Takes all hosts back to a release that they still have, and proves that it serves. */
export async function rollback(_context: RunContext, _options: RollbackOptions): Promise<Outcome> {
  throw notYetSupported("rollback");
}
