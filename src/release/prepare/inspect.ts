import type { Config } from "../../config/types.ts";
import { Told } from "../../errors.ts";
import type { Asked } from "../../host/session.ts";
import type { LintResult } from "../../lint/types.ts";
import { requireSameDatabases } from "../../plan/databases.ts";
import { probeHost, probeRecord, requireAllowed } from "../../plan/request.ts";
import { configOn } from "../../plan/roles.ts";
import type { HostPlan } from "../../plan/types.ts";
import type { ChainedStep } from "../chain.ts";
import { differences } from "../differences.ts";
import type { HostRun } from "../hosts.ts";
import { askInspection, type Collect, endInspection, type Inspected } from "../inspection.ts";
import { judgeInspection } from "../live-check.ts";
import { judgeModels } from "../model-check.ts";
import type { Recorder, StepVoice } from "../recorder.ts";
import { liveManifest } from "../rows.ts";
import { urlsNote } from "../setup/needs.ts";
import type { ReleaseRun } from "./run.ts";

/** Ids that were told already. */
function reportedBy(result: LintResult | null): Set<string> {
  const certain = result?.findings.filter((one) => one.certainty === "certain") ?? [];
  return new Set(certain.flatMap((one) => [one.id, ...one.also]));
}

/** What the release's own Django said, and what follows from that. */
export interface Checked extends Inspected {
  healthHost: string;
}

/**
 * The release's own Django in its real environment: settings, checks, database. Blocks at the fail level. `found` gets
 * the answer.
 */
export function inspect(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  recorder: Recorder,
  found: (checked: Checked) => void,
): ChainedStep {
  const { config } = run;
  return (to) => {
    const asked = askInspection(to, {
      run: run.run,
      site: config.release.path,
      release: run.release,
      collect: whatToCollect(config, host),
      aliases: config.database.aliases,
      givesWay: true,
      live: true,
      message: `the release's own check on ${host.name} did not run`,
    });
    return () =>
      recorder.step("check", host.name, async (voice) => {
        const inspected = await asked(voice);
        try {
          found({ ...inspected, healthHost: judge(run, host, inspected, recorder, voice) });
        } catch (error) {
          await endInspection(host.session, run.run);
          throw error;
        }
      });
  };
}

/** Where nobody serves static files, only what looks them up by their hashed name needs them. */
function whatToCollect(config: Config, { plan }: HostRun<HostPlan>): Collect {
  if (!config.static.collect) return "no";
  return plan.door.kind === "none" ? "manifest" : "yes";
}

/** Throws where the release must not go on; answers the name under which the site is asked. */
function judge(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  { inspection, output, live }: Inspected,
  recorder: Recorder,
  voice: StepVoice,
): string {
  const { config } = run;
  for (const note of inspection.notes) voice.note(note);
  const verdict = judgeInspection(config, host.name, inspection, output);
  const reported = reportedBy(run.linted);
  const fresh = verdict.findings.filter((one) => one.level === "error" || !reported.has(one.id));
  for (const { message, ...finding } of fresh) {
    recorder.emit({
      code: "finding",
      level: finding.level,
      message: `${finding.id}: ${message}`,
      host: host.name,
      step: "check",
      data: { ...finding, message },
    });
  }
  const raised = (inspection.checks ?? []).map((check) => check.id);
  const differing = run.linted && !inspection.failure ? differences(run.linted, raised) : [];
  for (const { message, ...data } of differing)
    recorder.emit({
      code: "finding.differs",
      level: "warning",
      message,
      host: host.name,
      step: "check",
      data,
    });
  if (verdict.error) throw verdict.error;
  const { settings, migrations } = inspection;
  if (!settings || !migrations) throw new Told("the inspection is incomplete");
  const note = configOn(config, host.name).nginx === "manage" ? urlsNote(host.facts.owner, settings) : null;
  if (note !== null) voice.note(note, "warning");
  const { changes, unknown } = requireSameDatabases(
    host.name,
    {
      live,
      written: liveManifest(host.facts)?.databases ?? {},
      opened: inspection.opened ?? {},
      settings: settings.databases,
    },
    `${config.release.path}/releases`,
    run.force,
  );
  for (const change of changes)
    voice.note(`another database than the live release, forced: ${change}`, "warning");
  for (const one of unknown)
    voice.note(`whether it is the live release's database is not known: ${one}`, "warning");
  for (const [alias, why] of Object.entries(migrations.left ?? {}))
    voice.note(`database ${alias} is left alone: ${why}`);
  judgeModels(host.name, inspection.models, run.force, voice.note);
  const healthHost = probeHost(config, settings.allowedHosts);
  requireAllowed(settings.allowedHosts, healthHost);
  voice.summary(
    `Django ${inspection.django}, ${verdict.findings.length} findings, ${pendingText(migrations.pending)} pending`,
  );
  return healthHost;
}

/** `18 migrations`, or `18 migrations of default and 3 of users`. */
function pendingText(pending: { alias?: string }[]): string {
  if (pending.length === 0) return "no migration";
  const counts = new Map<string, number>();
  for (const { alias = "default" } of pending) counts.set(alias, (counts.get(alias) ?? 0) + 1);
  if ([...counts.keys()].join() === "default") return `${pending.length} migrations`;
  return [...counts]
    .map(([alias, count], at) => `${count} ${at === 0 ? "migrations " : ""}of ${alias}`)
    .join(" and ");
}

/** Writes down what the check found out; goes out with the questions of the next step. */
export function noteChecked(
  to: Asked,
  release: string,
  { inspection, healthHost }: Checked,
  config: Config,
): Promise<unknown> {
  const changes = {
    databases: inspection.settings?.databases,
    migrationHeads: inspection.migrations?.heads,
    healthHost,
    probe: probeRecord(config),
  };
  return to.request("update", { release, changes });
}
