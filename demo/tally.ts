import { describeLoad, type LoadResult } from "../lab/load.ts";
import type { Screen } from "./screen.ts";

type Outcome = "live" | "refused" | "rolled back";

/** What was seen, and when. */
export interface Tally {
  event(text: string): void;
  /** One act's outcome as it should be, and whether it was. */
  expect(what: string, held: boolean, outcome: Outcome): void;
  /** The timeline and the sums; gives the exit code. `load` is null when no request was sent. */
  tell(screen: Screen, load: LoadResult | null): number;
}

export function createTally(): Tally {
  const began = performance.now();
  const timeline: string[] = [];
  const failed: string[] = [];
  const seen: Outcome[] = [];
  const event = (text: string) => {
    timeline.push(`  ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${text}`);
  };
  return {
    event,
    expect(what, held, outcome) {
      event(`${what}: ${held ? said[outcome] : `NOT ${outcome}`}`);
      if (held) seen.push(outcome);
      else failed.push(`${what} was to be ${outcome}, and was not`);
    },
    tell(screen, load) {
      screen.line();
      screen.line("Timeline");
      for (const line of timeline) screen.line(line);
      screen.line();
      const count = (outcome: Outcome) => seen.filter((one) => one === outcome).length;
      screen.line(
        `Releases  ${count("live")} live, ${count("refused")} refused, ${count("rolled back")} rolled back`,
      );
      if (load) {
        const slowest = `slowest ${load.slowestMs} ms`;
        screen.line(`Requests  ${load.sent} sent, ${load.failed} failed (${slowest})`);
        if (load.failed > 0) failed.push(describeLoad(load));
        if (load.ok === 0 || load.ranOut) failed.push("the visitors were not there all the time");
      }
      screen.line(failed.length === 0 ? "All of it held." : "This did not hold:");
      for (const line of failed) screen.line(`  ${line}`);
      return failed.length === 0 ? 0 : 1;
    },
  };
}

const said: Record<Outcome, string> = {
  live: "live, and proven",
  refused: "refused; the old page still serves",
  "rolled back": "rolled back, and proven",
};
