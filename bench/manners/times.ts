import { Agent, get } from "node:http";

/** One request: when it began (ms since 1970) and how long it took. */
export interface Taken {
  at: number;
  ms: number;
  ok: boolean;
}

/** Visitors who ask for a page one request after the other; `stop` gives every request. */
export function visitors(address: string, clients: number, pauseMs: number): { stop(): Promise<Taken[]> } {
  const taken: Taken[] = [];
  let stopping = false;
  const one = async () => {
    while (!stopping) {
      const at = Date.now();
      const begun = performance.now();
      const ok = await ask(address);
      taken.push({ at, ms: performance.now() - begun, ok });
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const all = Array.from({ length: clients }, one);
  return {
    async stop() {
      stopping = true;
      await Promise.all(all);
      return taken;
    },
  };
}

function ask(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: address, path: "/", headers: { host: "shop.example.com" }, timeout: 20_000 };
    const asked = get({ ...options, agent: new Agent() }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode === 200));
    });
    asked.on("error", () => resolve(false)).on("timeout", () => asked.destroy());
  });
}

/** In whole milliseconds; 0 without any. */
export function slowest(taken: Taken[]): number {
  return Math.round(Math.max(0, ...taken.map(({ ms }) => ms)));
}

/** The time that 99 of 100 requests stay below, in whole milliseconds. */
export function p99(taken: Taken[]): number {
  const sorted = taken.map(({ ms }) => ms).sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0);
}

/** `310 (290 to 420)`: the median with the least and the most. */
export function spread(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)]} (${sorted[0]} to ${sorted.at(-1)})`;
}
