import { notYetSupported } from "../errors.ts";
import type { ReleasesView, RunContext } from "./types.ts";

/** The releases on the hosts, newest first; `all` adds the attempts that failed. */
export async function releases(_context: RunContext, _options: { all: boolean }): Promise<ReleasesView> {
  throw notYetSupported("releases");
}
