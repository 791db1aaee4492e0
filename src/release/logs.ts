import { notYetSupported } from "../errors.ts";
import type { LogsOptions, RunContext, WriteLine } from "./types.ts";

/** The last lines of a process on all hosts; with `follow` until the signal is aborted. */
export async function logs(_context: RunContext, _options: LogsOptions, _write: WriteLine): Promise<void> {
  throw notYetSupported("logs");
}
