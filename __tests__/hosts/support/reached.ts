import { waitFor } from "../../../lab/wait.ts";
import type { Running } from "./program.ts";

/** Waits until a run with `--format json` has said that a step begins, or that it is done. */
export function reached(running: Running, step: string, code: "step.start" | "step.done" = "step.start") {
  const said = () =>
    running
      .stdout()
      .split("\n")
      .some((line) => line.includes(`"code":"${code}"`) && line.includes(`"step":"${step}"`));
  return waitFor(said, { timeoutMs: 120_000, what: `${code} of ${step}`, everyMs: 5 });
}
