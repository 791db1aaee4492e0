import { DeployError, ExitCode } from "../errors.ts";
import { notSetUp } from "../host/refusal.ts";
import { type Asked, type HostSession, openSession } from "../host/session.ts";
import type { HostFacts } from "../host/types.ts";
import type { SlotPlan } from "../plan/types.ts";
import type { Place } from "../services/types.ts";
import type { Connection, Target } from "../ssh/types.ts";
import { named } from "./named.ts";
import { connectTo } from "./older.ts";
import type { Recorder } from "./recorder.ts";
import type { RunContext } from "./types.ts";

/** One host in a run: its session, what was decided, and how far it came. */
export interface HostRun<Plan extends SlotPlan = SlotPlan> {
  name: string;
  session: HostSession;
  facts: HostFacts;
  plan: Plan;
  /** A release folder of this run exists; false when the release was there before (rollback). */
  prepared: boolean;
  /**
   * Where this run asked to start the release; false where that was not begun, because a question before it in its chain
   * went wrong: what runs there is not this run's. Those that visitors could reach are stopped gracefully.
   */
  started: Map<Place, Promise<boolean>>;
  /** How long its workers took to answer: what health.deadline has left for the page. */
  bootMs: number;
  switched: boolean;
  /** How long the old release's queue was waited for, in ms: drain.max is for all that comes before its end. */
  drainedMs: number;
  /** The release that the one link names, as far as this run knows; null = nothing, or not known. */
  serving: string | null;
  /** It was good and was proven, and then could not be reached any more. */
  lost: DeployError | null;
  /** Processes besides the web server that this run stopped or restarted. */
  restarted: Set<string>;
  /** The main processes of its slot and of the others, as they were when they were proven. */
  mains: Mains;
  /** When the proof was complete, by performance.now(). */
  provenAt: number;
  proof: Proven | null;
}

/** What was seen of a release: in a sentence, and the main process of its slot, or of each of its processes, at that moment. */
export interface Proven {
  text: string;
  mains: Mains;
}

/** By slot, or by the name of a process. */
export type Mains = Record<string, number | null>;

/**
 * Opens the agent on a host; the context's signal ends the attempt, however far it came. Acting verbs give `resume`, which
 * takes the lock again after a lost connection.
 */
export async function openHost(
  context: RunContext,
  target: Target,
  options: { resume?: (again: Asked) => Promise<void>; recorder?: Recorder } = {},
): Promise<HostSession> {
  let opening: Connection | null = null;
  const stop = () => void opening?.close();
  context.signal.addEventListener("abort", stop, { once: true });
  try {
    return await openSession(target.name, {
      site: context.config.release.path,
      connect: async (closed) => {
        opening = await handshake(() =>
          connectTo(context.config, target, {
            ...connectOptions(context),
            signal: either(context.signal, closed),
          }),
        );
        return opening;
      },
      ...(options.resume ? { resume: options.resume } : {}),
      onLost: (reason) =>
        options.recorder?.note(`connection lost (${reason}); connecting again`, {
          host: target.name,
          level: "warning",
        }),
    });
  } finally {
    context.signal.removeEventListener("abort", stop);
  }
}

/** Handshakes at a time: of a thousand at once each would wait for all others, with its timeout running. */
const handshake = atMost(50);

/** Runs what it is given, at most so many at a time, in the order in which they came. */
function atMost(most: number): <T>(act: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (act) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

function connectOptions(context: RunContext) {
  return context.ask ? { ask: context.ask } : {};
}

/** Aborted as soon as one of the two is. (AbortSignal.any came with Node 20.3.) */
export function either(one: AbortSignal, other: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of [one, other]) {
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  }
  return controller.signal;
}

/**
 * For work that leaves a host as it was: an abort closes the session, so that nothing is waited for any more, and is what
 * is told. The session stays the caller's to close.
 */
export async function interruptible<T>(
  { signal }: RunContext,
  session: HostSession,
  work: () => Promise<T>,
): Promise<T> {
  const stop = () => void session.close();
  signal.addEventListener("abort", stop, { once: true });
  try {
    if (signal.aborted) stop();
    return await work();
  } catch (thrown) {
    throw signal.aborted ? interrupted() : thrown;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function interrupted(): DeployError {
  return new DeployError("cancelled", ExitCode.failed, "interrupted: nothing was changed");
}

/** Runs `act` on each host at once and waits for all: the barrier between phases. The first error is thrown last. */
export async function onAll<H, T>(hosts: H[], act: (host: H) => Promise<T>): Promise<T[]> {
  const settled = await Promise.allSettled(hosts.map(act));
  const failed = settled.find((row) => row.status === "rejected");
  if (failed) throw failed.reason;
  return settled.map((row) => (row as PromiseFulfilledResult<T>).value);
}

/** Reads facts on every host without the lock, gives them to `read`, and closes. */
export async function withHosts<T>(
  context: RunContext,
  read: (session: HostSession, target: Target) => Promise<T>,
): Promise<T[]> {
  return onAll(context.targets, async (target) => {
    const session = await openHost(context, target);
    try {
      return await interruptible(context, session, () => read(session, target));
    } finally {
      await session.close();
    }
  }).catch((thrown) => {
    throw named(thrown, context.config);
  });
}

/** Reading verbs on a host that setup never saw: the same error as everywhere. */
export function requireSetUp(host: string, facts: HostFacts): void {
  if (!facts.owner) throw notSetUp(host);
}

/** A host that is locked and planned, and not touched yet. */
export function newHostRun<Plan extends SlotPlan>(
  { name, session }: { name: string; session: HostSession },
  plan: Plan,
): HostRun<Plan> {
  return {
    name,
    session,
    facts: plan.facts,
    plan,
    prepared: false,
    started: new Map(),
    bootMs: 0,
    switched: false,
    drainedMs: 0,
    serving: plan.previous?.release ?? null,
    lost: null,
    restarted: new Set(),
    mains: {},
    provenAt: 0,
    proof: null,
  };
}
