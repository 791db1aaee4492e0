import { DeployError, ExitCode } from "../errors.ts";
import type { Inspection, Manifest } from "../host/types.ts";
import { planSlot } from "../plan/host.ts";
import { leaderOf } from "../plan/roles.ts";
import { listenOn } from "../services/servers/index.ts";
import { announce, attempt, goLive } from "./attempt.ts";
import { type Begun, beginOnHosts } from "./begin.ts";
import { lookAtFront } from "./front.ts";
import { newHold } from "./hold.ts";
import { type HostRun, newHostRun, onAll } from "./hosts.ts";
import { judgeInspection } from "./live-check.ts";
import { requireOwner } from "./owner.ts";
import { placeText } from "./prepare/boot.ts";
import type { Recorder } from "./recorder.ts";
import { recover } from "./recover.ts";
import { rollbackTarget } from "./rollback-target.ts";
import { awaitBoot, startPrivately } from "./slots.ts";
import { runHostStep } from "./steps.ts";
import type { Outcome, RollbackOptions, RunContext } from "./types.ts";
import { givenFor } from "./values.ts";

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
    const who = { verb: "rollback", revision: null };
    state.opened = await beginOnHosts(context, recorder, run, who, { wait: false, base: false });
    state.hosts = await onAll(state.opened, (host) => planOne(context, host, run, recorder));
    const first = leaderOf(config, state.hosts);
    const target = rollbackTarget(first.name, first.facts.releases, options.to);
    state.release = target.id;
    state.revision = target.revision;
    const subject = target.subject ? ` ${target.subject}` : "";
    recorder.note(`going back to ${target.id} (${target.revision.slice(0, 7)}${subject})`);
    const looks = await onAll(state.hosts, (host) => lookAtFront(config, host, recorder));
    announce(state);
    recorder.phase("prepare");
    await onAll(state.hosts, (host) => prepareOld(context, options, target, host, run, recorder));
    await goLive(state, {
      run,
      release: target.id,
      config,
      healthHost: target.healthHost ?? "localhost",
      liveStatus: looks[state.hosts.indexOf(first)]?.status ?? null,
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
  return newHostRun(host, planSlot(context.config, host.name, facts));
}

/** Environment, check and private boot of a release that is on the host already. */
async function prepareOld(
  context: RunContext,
  options: RollbackOptions,
  target: Manifest,
  host: HostRun,
  run: string,
  recorder: Recorder,
): Promise<void> {
  const { config } = context;
  requireVenv(host, target);
  await host.session.request("launch", { release: target.id, spec: { listen: listenOn(host.plan.door) } });
  if (options.env === "current") {
    await recorder.step("environment", host.name, async (voice) => {
      const old = await host.session.request<{ vars: Record<string, string> }>("env-version", {
        release: target.id,
      });
      const version = `${target.id}.${run}`;
      // Vars come from the release, secrets and host values from now.
      const answer = await host.session.request<{ missing: string[]; names: string[] }>("env", {
        version,
        required: [],
        vars: old.vars,
        given: givenFor(context, recorder).secrets,
        write: true,
      });
      await host.session.request("launch", { release: target.id, spec: { env: version } });
      voice.summary(`${answer.names.length} variables, secrets as they are now`);
    });
  }
  await recorder.step("check", host.name, async (voice) => {
    // It starts while its settings and database are asked: both were good once, and going back is urgent.
    if (host.plan.door.kind !== "none") await startPrivately(host, target.id);
    const folder = `${config.release.path}/releases/${target.id}`;
    const output = await runHostStep(
      host.session,
      {
        run,
        name: "check",
        script: "inspect.sh",
        env: { DJD_RELEASE: folder, DJD_ANSWER: `${config.release.path}/.djdeploy/runs/${run}/inspect.json` },
        timeout: 300,
        failure: { code: "check.failed", message: `the old release's check on ${host.name} did not run` },
      },
      voice,
    );
    const inspection = await host.session.request<Inspection>("answer", { run, file: "inspect.json" });
    if (inspection.failure) {
      const { error } = judgeInspection(config, host.name, inspection, output);
      if (error) throw error;
    }
    judgeSchema(options, host.name, inspection, voice.note);
    voice.summary(`Django ${inspection.django}, settings and database answer`);
  });
  if (host.plan.door.kind === "none") return;
  await recorder.step("boot", host.name, async (voice) => {
    await awaitBoot(config, host, target.id, target.healthHost ?? "localhost");
    voice.summary(`${placeText(host)}, workers answer`);
  });
}

/** The database may be ahead of the old code: that is said, or refused, by the policy that was asked for. */
function judgeSchema(
  options: RollbackOptions,
  host: string,
  inspection: Inspection,
  note: (message: string, level?: "info" | "warning") => void,
): void {
  const ahead = inspection.migrations?.unknown ?? [];
  if (ahead.length === 0) return;
  const names = ahead.join(", ");
  if (options.migrations === "refuse") {
    throw new DeployError("migrations.ahead", ExitCode.refused, `the database is ahead of the old release`, {
      host,
      seen: names,
      hint: "--migrations keep goes back and leaves the schema as it is",
    });
  }
  note(`the database is ahead of the old release by ${names}; the schema is kept as it is`, "warning");
}

function requireVenv(host: HostRun, target: Manifest): void {
  if (target.venv && target.venv in host.facts.venvs) return;
  throw new DeployError(
    "rollback.venv",
    ExitCode.failed,
    `the virtual environment of ${target.id} is gone on ${host.name}`,
    {
      host: host.name,
      seen: target.venv ?? "none",
      hint: `deploy that revision again: djdeploy deploy ENV --revision ${target.revision.slice(0, 12)} --force "going back"`,
    },
  );
}
