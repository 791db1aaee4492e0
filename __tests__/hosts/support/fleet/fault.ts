import type { Phase } from "../../../../src/plan/types.ts";
import type { RunResult } from "../../../../src/report/event.ts";
import type { Fleet, Name } from "./fleet.ts";
import type { GateRule } from "./gate.ts";

/** How a run has to end. */
export interface Ending {
  exit: number;
  result: RunResult;
  /** The code of the error that the run ends with, where it matters which one. */
  error?: string;
  /** What all hosts serve when all is over, and each is proven to. */
  serves: "old" | "new" | "each its own";
  /** Where the hosts differ, what the report has to say of the one that was hit. */
  hit?: "old" | "new" | "unknown";
}

/** One thing that goes wrong on one host at one step, as it goes wrong on real ones. */
export interface Fault {
  phase: Phase | "back" | "each";
  step: string;
  /** For people: what happens. */
  how: string;
  /** Hosts it can happen on. Default: each. */
  only?: readonly Name[];
  /** Where it happens in the suite; the other places, and faults without one, are the bench's. */
  ci?: Name;
  /** Files of a release that is broken there, or whose failure sends all back. */
  files?: (name: Name) => Record<string, string>;
  /** Before the run begins. */
  before?: (fleet: Fleet, name: Name) => Promise<unknown>;
  /** The request at which the host is held while `act` runs. */
  at?: GateRule;
  act?: (fleet: Fleet, name: Name, session: number) => Promise<unknown>;
  /** The act ends the session that waits at the gate. */
  ends?: true;
  /** As soon as the gate is open again. */
  meanwhile?: (fleet: Fleet, name: Name) => Promise<unknown>;
  /** When the run is over: what the user mends. */
  mend?: (fleet: Fleet, name: Name) => Promise<unknown>;
  ending: Ending | ((name: Name) => Ending);
  /** What is left is cleared by the next good deploy, not by this run. */
  leaves?: true;
  /** Visitors of that host lose requests by the fault itself, whatever a deploy does. */
  costs?: true;
}

export const keptOld = (exit = 1): Ending => ({ exit, result: "kept-old", serves: "old" });
export const reverted: Ending = { exit: 1, result: "reverted", serves: "old" };
export const deployed: Ending = { exit: 0, result: "deployed", serves: "new" };
export const partial = (hit: Ending["hit"]): Ending => ({
  exit: 8,
  result: "partial",
  serves: "each its own",
  ...(hit ? { hit } : {}),
});
