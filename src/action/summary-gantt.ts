import type { Event } from "../report/event.ts";
import { shortNames } from "./markdown.ts";

/** One step as it ran; times in milliseconds since 1970. */
export interface Lap {
  phase: string;
  step: string;
  host: string | null;
  begin: number;
  end: number;
  failed: boolean;
}

/** Collects the laps of a run from its events. */
export function createTimeline(now: () => number): { see(event: Omit<Event, "time">): void; laps: Lap[] } {
  const laps: Lap[] = [];
  const begun = new Map<string, number>();
  let phase = "";
  return {
    laps,
    see({ code, message, step, host }) {
      if (code === "phase.start") phase = message;
      if (!step) return;
      const key = `${step}\0${host ?? ""}`;
      if (code === "step.start") begun.set(key, now());
      if (code !== "step.done" && code !== "step.failed") return;
      const end = now();
      const begin = begun.get(key) ?? end;
      laps.push({ phase, step, host: host ?? null, begin, end, failed: code === "step.failed" });
    },
  };
}

/** A Mermaid chart of the run, a section a phase; "" where there is nothing to draw. */
export function gantt(laps: Lap[]): string {
  const [first] = laps;
  if (!first) return "";
  const zero = Math.min(...laps.map(({ begin }) => begin));
  const hosts = [...new Set(laps.flatMap(({ host }) => host ?? []))];
  const several = hosts.length > 1;
  const short = shortNames(hosts);
  const lines = ["gantt", "  dateFormat x", "  axisFormat %M:%S"];
  for (const phase of new Set(laps.map((lap) => lap.phase))) {
    lines.push(`  section ${plain(phase)}`);
    for (const lap of laps.filter((one) => one.phase === phase)) {
      const name = plain(lap.host && several ? `${lap.step} ${short(lap.host)}` : lap.step);
      const begin = lap.begin - zero;
      // A bar of no width is not drawn.
      const end = Math.max(lap.end - zero, begin + 1);
      lines.push(`  ${name} :${lap.failed ? "crit" : "done"}, ${begin}, ${end}`);
    }
  }
  return `\`\`\`mermaid\n${lines.join("\n")}\n\`\`\``;
}

/** Mermaid ends a name at a colon, and takes other signs for its own. */
function plain(text: string): string {
  return text.replace(/[^\w. -]+/g, " ").trim();
}
