import type { Event } from "./event.ts";

/** Says once what several hosts say: the first one's at once, and who else said so when the phase ends. */
export interface Repeats {
  /** True when another host has said the same in this phase: it need not be shown again. */
  heard(event: Event): boolean;
  /** What is left to be said of what was heard, and forgets it. */
  rest(): Event[];
}

interface Said {
  first: Event;
  others: Set<string>;
}

/** So much of a sentence is enough to know it again. */
const shortest = 60;

export function createRepeats(): Repeats {
  const said = new Map<string, Said>();
  return {
    heard(event) {
      const { host, level, code, step, message } = event;
      if (!host || level === "error" || code === "error" || /^(step|phase)\./.test(code)) return false;
      const key = [code, step, message].join("\0");
      const before = said.get(key);
      if (!before) said.set(key, { first: event, others: new Set() });
      if (!before || before.first.host === host) return false;
      before.others.add(host);
      return true;
    },
    rest() {
      const rows = [...said.values()].filter(({ others }) => others.size > 0);
      said.clear();
      return rows.map(({ first: { host, ...event }, others }) => ({
        ...event,
        message: `also ${[...others].join(", ")}: ${short(event.message)}`,
      }));
    },
  };
}

function short(message: string): string {
  const [line = ""] = message.split("\n");
  return line.length <= shortest ? line : `${line.slice(0, shortest).trimEnd()}…`;
}
