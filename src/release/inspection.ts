import { Told } from "../errors.ts";
import type { AnswerOf } from "../host/protocol.ts";
import type { Asked } from "../host/session.ts";
import type { Inspection } from "../host/types.ts";
import type { StepVoice } from "./recorder.ts";
import { type HostStep, requireSuccess, stepLog, stepRequest } from "./steps.ts";

/** The release's own Django was asked. */
export interface Inspected {
  inspection: Inspection;
  output: string;
  /** What the live release said of its databases; a text says why it did not, null: it was not asked. */
  live: AnswerOf<"applied"> | string | null;
  /** Attaches to what the same process does behind its answer: collectstatic. */
  behind: HostStep;
}

/** `manifest`: only where the storage looks files up in one. */
export type Collect = "yes" | "manifest" | "no";

/** Seconds that settings, checks and database may take to answer. */
const patience = 300;

export interface InspectionRequest {
  run: string;
  site: string;
  release: string;
  collect: Collect;
  message: string;
  /** `database.aliases`. */
  aliases: "auto" | string[];
  givesWay?: boolean;
  /** The live release is asked for its databases meanwhile. */
  live?: boolean;
}

/**
 * Starts the release's own Django and asks it what only it knows. The same process then fills STATIC_ROOT where it is to
 * `collect`, for starting Django once more costs more than collecting does.
 */
export function askInspection(to: Asked, what: InspectionRequest): (voice: StepVoice) => Promise<Inspected> {
  const { run, site, release, collect, message, aliases, givesWay = false, live = false } = what;
  const step: HostStep = {
    run,
    name: "check",
    script: "inspect.sh",
    givesWay,
    asUser: true,
    env: {
      DJD_RELEASE: `${site}/releases/${release}`,
      DJD_COLLECT: collect,
      DJD_ALIASES: aliases === "auto" ? "" : JSON.stringify(aliases),
    },
    failure: { code: "check.failed", message },
  };
  const log = stepLog();
  const asked = to.request(
    "inspect",
    { ...stepRequest(step), release, patience, live },
    { onLog: log.onLog },
  );
  return async (voice) => {
    log.listen(voice);
    const { answer, ended, offset, live: said, liveUnknown } = await asked;
    if (!answer) {
      requireSuccess(step, ended ?? { code: null, signal: null, ms: 0, timedOut: true }, log.text());
      throw new Told("the inspection of the release left no answer");
    }
    const output = log.text();
    const behind = { ...step, from: offset, heard: output };
    return { inspection: answer, output, live: said ?? liveUnknown ?? null, behind };
  };
}

/** Ends the process that was asked: what it collects is for a release that does not go on. */
export async function endInspection(to: Asked, run: string): Promise<void> {
  await to.request("end-step", { run, step: "check" });
}
