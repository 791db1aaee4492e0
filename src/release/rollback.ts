import { DeployError, ExitCode } from "../errors.ts";
import type { Manifest } from "../host/types.ts";
import { planSlot } from "../plan/host.ts";
import { shortMemory } from "../plan/memory.ts";
import { askedAs } from "../plan/request.ts";
import { leaderOf } from "../plan/roles.ts";
import { announce, attempt, goLive } from "./attempt.ts";
import { type Begun, beginOnHosts } from "./begin.ts";
import { newHold } from "./hold.ts";
import { type HostRun, newHostRun, onAll } from "./hosts.ts";
import { leaveUnreached, onMost } from "./left-out.ts";
import { requireOwner } from "./owner.ts";
import { prepareOld } from "./prepare/old.ts";
import type { Recorder } from "./recorder.ts";
import { recover } from "./recover.ts";
import { rollbackTarget } from "./rollback-target.ts";
import type { Outcome, RollbackOptions, RunContext } from "./types.ts";

/**
 * Takes all hosts back to a release that they still have, and proves that it serves: the same boot, probe, rename,
 * proof, lock and report as a deploy. Neither git nor a package index is needed. Never throws: errors are outcomes.
 */
export async function rollback(context: RunContext, options: RollbackOptions): Promise<Outcome> {
  const { config } = context;
  return attempt(context, "rollback", options, async (state) => {
    const { recorder, run } = state;
    recorder.phase("guard");
    if (options.migrations === "reverse") {
      throw new DeployError(
        "migrations.reverse",
        ExitCode.usage,
        "--migrations reverse is not yet supported",
        {
          hint: "use keep (the schema stays as it is) or refuse",
        },
      );
    }
    state.opened = await beginOnHosts(context, recorder, {
      run,
      who: { verb: "rollback", revision: null },
      wait: false,
      base: false,
      without: leaveUnreached(state),
    });
    state.hosts = await onAll(state.opened, (host) => planOne(context, host, run, recorder));
    const first = leaderOf(config, state.hosts);
    const target = rollbackTarget(first.name, first.facts.releases, options.to);
    state.release = target.id;
    state.revision = target.revision;
    const subject = target.subject ? ` ${target.subject}` : "";
    recorder.note(`going back to ${target.id} (${target.revision.slice(0, 7)}${subject})`);
    announce(state);
    recorder.phase("prepare");
    const looks = await onMost(state, state.hosts, (host) =>
      prepareOld({ context, options, target, run }, host, recorder),
    );
    await goLive(state, {
      run,
      release: target.id,
      config: askedAs(config, target),
      healthHost: target.healthHost ?? "localhost",
      liveStatus: looks.find(({ host }) => host === first)?.value?.status ?? null,
      backwards: true,
    });
    await beginHold(context, state.hosts, target, recorder);
    return "rolled-back";
  });
}

/** From here on pushes are refused, until a person deploys: the next merge must not bring the bug back. */
async function beginHold(
  context: RunContext,
  hosts: HostRun[],
  target: Manifest,
  recorder: Recorder,
): Promise<void> {
  for (const { name, plan, session } of hosts) {
    const back = plan.previous?.release ? target.id < plan.previous.release : true;
    const hold = back
      ? newHold(context, target.id, `rollback from ${plan.previous?.release ?? "nothing"}`)
      : null;
    const held = await session.request("hold", { hold, by: context.actor }).catch(() => null);
    if (!held)
      recorder.note('pushes could not be held back: djdeploy hold ENV --on "the reason"', {
        host: name,
        level: "warning",
      });
    else if (back)
      recorder.note(
        `runs of a push are refused until a person deploys, or djdeploy hold ${context.config.environment} --off`,
        {
          host: name,
        },
      );
  }
}

async function planOne(context: RunContext, host: Begun, run: string, recorder: Recorder): Promise<HostRun> {
  requireOwner(context.config, host.facts.owner?.repository ?? null, host.name, host.facts);
  const facts = await recover(context, host, run, recorder);
  // Not refused: a release that eats the memory is a reason to go back.
  const workers = facts.serving?.workersMb.length ?? 0;
  const short = shortMemory(workers, workers === 0 ? { single: true } : {}, facts);
  if (short)
    recorder.note(`memory is short, going back all the same: ${short.expected}; ${short.seen}`, {
      host: host.name,
      level: "warning",
    });
  return newHostRun(host, planSlot(context.config, host.name, facts));
}
