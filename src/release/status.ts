import { notYetSupported } from "../errors.ts";
import type { RunContext, StatusView } from "./types.ts";

/** What every host serves now, proven by its processes and by its own answer. */
export async function status(_context: RunContext): Promise<StatusView> {
  throw notYetSupported("status");
}
