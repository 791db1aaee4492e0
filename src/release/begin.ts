import { randomBytes } from "node:crypto";
import { asDeployError, type DeployError } from "../errors.ts";
import type { ArgsOf, LogOf } from "../host/protocol.ts";
import { goesOn, holderText } from "../host/refusal.ts";
import type { HostSession } from "../host/session.ts";
import type { HostFacts } from "../host/types.ts";
import type { Target } from "../ssh/types.ts";
import type { EarlySessions, Open } from "./early.ts";
import { hideStored } from "./hide-stored.ts";
import { interruptible, openHost } from "./hosts.ts";
import type { Recorder } from "./recorder.ts";
import type { RunContext } from "./types.ts";

/** A run's own name: sorts by time, unique. */
export function newRunId(now = new Date()): string {
  return `${now.toISOString().replace(/[-:]|\.\d+/g, "")}-${randomBytes(3).toString("hex")}`;
}

export interface Who {
  verb: string;
  revision: string | null;
}

export interface Begun {
  name: string;
  session: HostSession;
  facts: HostFacts;
}

/** How a run begins on its hosts. */
export interface Beginning {
  run: string;
  who: Who;
  /** Waits for a lock that another run holds. */
  wait: boolean;
  /** Asks also for what a deploy takes over from the live release. */
  base: boolean;
  /** Whether the run goes on without those that failed, with those that were opened. */
  without?: (failed: { host: string; error: DeployError }[], opened: string[]) => boolean;
  /** Sessions that may have been opened before. */
  sessions?: EarlySessions;
}

/** Opens sessions of a run that takes the lock, again after a loss. */
export function opener(recorder: Recorder, beginning: Beginning): Open {
  return (context, target, taken) =>
    openHost(context, target, {
      recorder,
      resume: async (again) => {
        if (taken()) await again.request("begin", { ...lockArgs(context, beginning), base: false });
      },
    });
}

/**
 * Connects to every host, takes the lock and reads the facts: one round trip a host behind the handshake, all hosts at
 * once. A run that may wait for locks takes them one after the other in the order of the names, so that two such runs
 * never wait for each other. When one host fails that the run does not go on without, all that were opened are unlocked
 * and closed.
 */
export async function beginOnHosts(
  context: RunContext,
  recorder: Recorder,
  options: Beginning,
): Promise<Begun[]> {
  const opened: Begun[] = [];
  const begin = async (target: Target) => {
    opened.push(await beginOnHost(context, recorder, target, options));
  };
  const failed: { host: string; error: DeployError }[] = [];
  const attempt = (target: Target) =>
    begin(target).catch((thrown) => {
      failed.push({ host: target.name, error: asDeployError(thrown) });
    });
  if (options.wait) {
    for (const target of [...context.targets].sort((a, b) => (a.name < b.name ? -1 : 1)))
      if (failed.length <= context.config.rollout.maxFailures) await attempt(target);
  } else {
    await Promise.all(context.targets.map(attempt));
  }
  // In the order of djdeploy.yml, whatever answered first.
  const place = new Map(context.targets.map((target, index) => [target.name, index]));
  const byPlace = (a: string, b: string) => (place.get(a) ?? 0) - (place.get(b) ?? 0);
  const [first] = failed.sort((a, b) => byPlace(a.host, b.host));
  const names = opened.map(({ name }) => name);
  if (first && !options.without?.(failed, names)) {
    await Promise.all(opened.map(leave));
    throw first.error;
  }
  return opened.sort((a, b) => byPlace(a.name, b.name));
}

/** Nothing was done there: not even the name of a holder stays. */
async function leave({ session }: Begun): Promise<void> {
  await session.request("unlock").catch(() => {});
  await session.close();
}

function lockArgs({ actor, runUrl }: RunContext, { run, who, wait, base }: Beginning): ArgsOf<"begin"> {
  return { run, who: { actor, ...who, runUrl }, wait: wait ? 3600 : 0, lock: true, base };
}

async function beginOnHost(
  context: RunContext,
  recorder: Recorder,
  target: Target,
  beginning: Beginning,
): Promise<Begun> {
  return recorder.step("connect", target.name, async (voice) => {
    const { sessions } = beginning;
    const session = await (sessions?.take(target) ??
      opener(recorder, beginning)(context, target, () => true));
    let left: LogOf<"begin">["waiting"] | null = null;
    const onLog = (log: LogOf<"begin">) => {
      if (log.waiting.gone) left = log.waiting;
      voice.note(`waiting for the lock: ${waitingFor(log)}`);
    };
    try {
      const [facts] = await interruptible(context, session, () =>
        Promise.all([
          session.request("begin", lockArgs(context, beginning), { onLog }),
          hideStored(context, session, (message) => voice.note(message, "warning")),
        ]),
      );
      voice.summary(`${facts.os.name}, lock taken${left === null ? "" : ` over from ${holderText(left)}`}`);
      return { name: target.name, session, facts };
    } catch (error) {
      await session.close();
      throw error;
    }
  });
}

function waitingFor({ waiting }: LogOf<"begin">): string {
  if (!waiting.gone) return `${waiting.actor} holds it${waiting.verb ? ` (${waiting.verb})` : ""}`;
  return `the runner of ${holderText(waiting)} is gone; its ${goesOn(waiting)}`;
}
