import { notYetSupported } from "../errors.ts";
import type { PlanView, RunContext } from "./types.ts";

/** What a deploy of `revision` (null = HEAD) would do now. Reads the hosts, changes nothing. */
export async function plan(_context: RunContext, _options: { revision: string | null }): Promise<PlanView> {
  throw notYetSupported("plan");
}
