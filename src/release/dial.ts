import type { HostSession } from "../host/session.ts";
import type { Target } from "../ssh/types.ts";
import { openHost } from "./hosts.ts";
import type { Recorder } from "./recorder.ts";
import type { RunContext } from "./types.ts";

/** Connections that are being made while the runner does something else. */
export interface Dialled {
  /** The connection to a host, made now where it was not dialled before. */
  to(target: Target): Promise<HostSession>;
  /** Closes those that nobody took. */
  hangUp(): Promise<void>;
}

/** Begins to connect to these hosts. What goes wrong is thrown when a connection is taken. */
export function dial(context: RunContext, targets: Target[], recorder: Recorder): Dialled {
  const up = new AbortController();
  context.signal.addEventListener("abort", () => up.abort(), { once: true });
  const own = { ...context, signal: up.signal };
  const lines = new Map(targets.map((target) => [target, openHost(own, target, recorder)]));
  for (const line of lines.values()) line.catch(() => {});
  return {
    to(target) {
      const line = lines.get(target);
      lines.delete(target);
      return line ?? openHost(context, target, recorder);
    },
    async hangUp() {
      up.abort(); // what is not connected yet is not waited for
      await Promise.allSettled([...lines.values()].map(async (line) => (await line).close()));
    },
  };
}
