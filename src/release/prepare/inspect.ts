import type { Inspection } from "../../host/types.ts";
import type { LintResult } from "../../lint/types.ts";
import { requireSameDatabases } from "../../plan/guards.ts";
import { probeHost, requireAllowed } from "../../plan/request.ts";
import { configOn } from "../../plan/roles.ts";
import type { HostPlan } from "../../plan/types.ts";
import { differences } from "../differences.ts";
import type { HostRun } from "../hosts.ts";
import { judgeInspection } from "../live-check.ts";
import type { Recorder } from "../recorder.ts";
import { urlsNote } from "../setup/needs.ts";
import { runHostStep } from "../steps.ts";
import type { ReleaseRun } from "./run.ts";

/** Ids that were told already. */
function reportedBy(result: LintResult | null): Set<string> {
  const certain = result?.findings.filter((one) => one.certainty === "certain") ?? [];
  return new Set(certain.flatMap((one) => [one.id, ...one.also]));
}

/** The release's own Django in its real environment: settings, checks, database. Blocks at the fail level. */
export async function inspect(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  recorder: Recorder,
): Promise<Inspection> {
  return recorder.step("check", host.name, async (voice) => {
    const { config } = run;
    const folder = `${config.release.path}/releases/${run.release}`;
    const answer = `${config.release.path}/.djdeploy/runs/${run.run}/inspect.json`;
    const output = await runHostStep(
      host.session,
      {
        run: run.run,
        name: "check",
        script: "inspect.sh",
        env: { DJD_RELEASE: folder, DJD_ANSWER: answer },
        timeout: 300,
        failure: { code: "check.failed", message: `the release's own check on ${host.name} did not run` },
      },
      voice,
    );
    const inspection = await host.session.request<Inspection>("answer", {
      run: run.run,
      file: "inspect.json",
    });
    for (const note of inspection.notes) voice.note(note);
    const verdict = judgeInspection(config, host.name, inspection, output);
    const reported = reportedBy(run.linted);
    const fresh = verdict.findings.filter((one) => one.level === "error" || !reported.has(one.id));
    for (const finding of fresh) {
      recorder.emit({
        code: "finding",
        level: finding.level,
        message: `${finding.id}: ${finding.message}`,
        host: host.name,
        step: "check",
        data: { ...finding },
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
    const settings = inspection.settings;
    if (!settings || !inspection.migrations) throw new Error("the inspection is incomplete");
    const note = configOn(config, host.name).nginx === "manage" ? urlsNote(host.facts.owner, settings) : null;
    if (note !== null) voice.note(note, "warning");
    const live = host.facts.releases.find((release) => release.live);
    const changed = requireSameDatabases(
      host.name,
      live,
      settings.databases,
      `${config.release.path}/releases`,
      run.force,
    );
    for (const change of changed)
      voice.note(`another database than the live release, forced: ${change}`, "warning");
    const healthHost = probeHost(config, settings.allowedHosts);
    requireAllowed(settings.allowedHosts, healthHost);
    await host.session.request("update", {
      release: run.release,
      changes: { databases: settings.databases, migrationHeads: inspection.migrations.heads, healthHost },
    });
    const pending = inspection.migrations.pending.length;
    voice.summary(
      `Django ${inspection.django}, ${verdict.findings.length} findings, ${pending === 0 ? "no migration" : `${pending} migrations`} pending`,
    );
    return inspection;
  });
}
