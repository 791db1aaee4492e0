import { notYetSupported } from "../../errors.ts";
import type { SetupContext, SetupOptions, SetupOutcome } from "./types.ts";

export type { SetupContext, SetupOptions, SetupOutcome } from "./types.ts";

/** Makes bare hosts ready for deploys that never need root again. */
export async function setup(_context: SetupContext, _options: SetupOptions): Promise<SetupOutcome> {
  throw notYetSupported("setup");
}
