import { DeployError, ExitCode } from "../errors.ts";
import type { HostFacts } from "../host/types.ts";
import type { Server } from "../services/servers/index.ts";
import { defaultWorkers } from "../services/workers.ts";

type MemoryFacts = Pick<HostFacts, "cores" | "memoryMb" | "swapMb" | "serving">;

/** What a slot takes, in MiB: as the live one does, and one worker as its smallest, which grew the least. */
interface Footprint {
  mainMb: number;
  workerMb: number;
}

function footprint({ serving }: MemoryFacts): Footprint | null {
  if (!serving || serving.mainMb === 0) return null;
  return { mainMb: serving.mainMb, workerMb: Math.max(1, serving.workersMb[0] ?? 0) };
}

/**
 * How many workers the new slot gets. `auto` is 2 × cores + 1, less where two such slots would take more than the host
 * has, and as many as fit now beside the one that serves, at least one. The reason is shown.
 */
export function planWorkers(
  wanted: number | "auto",
  server: Pick<Server, "single">,
  facts: MemoryFacts,
): { workers: number; workersReason: string } {
  if (wanted !== "auto") return { workers: wanted, workersReason: "server.workers" };
  const one = footprint(facts);
  if (!one || server.single) {
    const { workers, reason } = defaultWorkers(facts.cores, facts.memoryMb);
    return { workers, workersReason: reason };
  }
  const { workers: most, reason } = defaultWorkers(facts.cores, Number.POSITIVE_INFINITY);
  const free = facts.memoryMb + (facts.swapMb ?? 0);
  const taken = one.mainMb + (facts.serving?.workersMb ?? []).reduce((sum, mb) => sum + mb, 0);
  const fits = (mb: number) => Math.floor((mb - one.mainMb) / one.workerMb);
  const workers = Math.max(1, Math.min(most, fits((free + taken) / 2), fits(free)));
  if (workers === most) return { workers, workersReason: reason };
  const why = `${reason} = ${most}, less because two slots run for a moment: ${free} MiB are free, the live one takes ${taken}, a worker ${one.workerMb}`;
  return { workers, workersReason: why };
}

export interface ShortMemory {
  /** False: only the swap makes room, or not even that. */
  fits: boolean;
  expected: string;
  seen: string;
}

/** What a second slot needs beside the live one, where that is more than is free; null = it fits, or nothing could be measured. */
export function shortMemory(
  workers: number,
  { single }: Pick<Server, "single">,
  facts: MemoryFacts,
): ShortMemory | null {
  const one = footprint(facts);
  const { memoryMb, swapMb = 0 } = facts;
  const need = one ? one.mainMb + (single ? 0 : workers * one.workerMb) : 0;
  if (need <= memoryMb) return null;
  const beside = single ? "" : ` with ${workers} ${workers === 1 ? "worker" : "workers"}`;
  return {
    fits: need <= memoryMb + swapMb,
    expected: `about ${need} MiB for the new release${beside}, by what the live one takes, which runs on until the new one serves`,
    seen: `${memoryMb} MiB free${swapMb > 0 ? ` and ${swapMb} MiB of swap` : ""}`,
  };
}

/**
 * Refuses a second slot that the host has no memory for: the kernel would end something, and might choose what serves.
 * With a reason (`--force`) that is a warning. Answers what is to be said, or null.
 */
export function requireMemory(host: string, short: ShortMemory | null, force: string | null): string | null {
  if (!short) return null;
  const { fits, expected, seen } = short;
  if (fits) return `memory is short, some of it goes to the swap: ${expected}; ${seen}`;
  if (force !== null) return `memory is too short, forced: ${expected}; ${seen}`;
  throw new DeployError(
    "host.memory",
    ExitCode.failed,
    `${host} has too little memory for a second slot beside the live one`,
    {
      host,
      expected,
      seen,
      hint: 'fewer workers (server.workers), more memory or some swap, or less that runs besides; to try it all the same: djdeploy deploy ENV --force "the reason"',
    },
  );
}
