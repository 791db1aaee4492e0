import { notYetSupported } from "../errors.ts";
import type { RunContext, UnlockView } from "./types.ts";

/** Who holds the locks; with a reason in `force`, ends the holders that still live. */
export async function unlock(_context: RunContext, _options: { force: string | null }): Promise<UnlockView> {
  throw notYetSupported("unlock");
}
