import { formatBytes } from "../../report/duration.ts";
import { createPaint, type Paint } from "../../report/paint.ts";
import type { PlanView } from "../types.ts";
import { count, table } from "./table.ts";

/** What `deploy` would do, to be read before it is done. */
export function renderPlan(plan: PlanView, paint: Paint = createPaint(false)): string {
  const short = plan.revision.slice(0, 7);
  const title =
    plan.result === "unchanged"
      ? `Nothing to deploy to ${plan.environment}: ${short} is live`
      : `Would deploy ${short} to ${plan.environment}`;
  return [
    paint.bold(title),
    ...section(paint, "Hosts", hostLines(plan)),
    ...section(paint, "Changes", changeLines(plan)),
    ...section(paint, "Steps", stepLines(plan)),
    ...section(
      paint,
      "Risks",
      plan.risks.map(({ level, message }) =>
        level === "info" ? message : `${paint.warn(`${level}:`)} ${message}`,
      ),
    ),
    ...section(
      paint,
      `Read from ${plan.config} and the code of ${short}`,
      plan.detected.map(({ name, value, evidence }) => `${name}: ${value}  ${paint.dim(`(${evidence})`)}`),
    ),
    ...section(paint, "Not enforced yet", plan.notEnforced),
    "",
  ].join("\n");
}

function hostLines(plan: PlanView): string[] {
  if (plan.hosts.length === 0) return [];
  const rows = plan.hosts.map((host) => [
    host.host,
    host.release ?? "serves no release of ours",
    host.revision?.slice(0, 7) ?? "",
    host.slot ?? "",
  ]);
  return table(["host", "live release", "revision", "slot"], rows);
}

function changeLines({ hosts, files, dependencies, migrations }: PlanView): string[] {
  if (hosts.length === 0) {
    return [
      `files: ${count(files.changed, "file")} in the release, ${formatBytes(files.bytes)}`,
      `dependencies: by ${dependencies.installer}`,
    ];
  }
  const lines = [
    `files: ${files.changed === 0 ? "none to send" : `${count(files.changed, "file")} to send, ${formatBytes(files.bytes)}`}`,
    `dependencies (${dependencies.installer}): ${dependencies.changed ? "to install" : "unchanged"}${dependencies.reason ? `, ${dependencies.reason}` : ""}`,
  ];
  if (migrations.length > 0) lines.push(`migrations: ${migrations.length} pending`);
  for (const { app, name, safe, why } of migrations) {
    const judged = safe === false ? "unsafe" : safe ? "safe" : "not judged";
    lines.push(`  ${app}.${name}: ${judged}${why ? `, ${why}` : ""}`);
  }
  return lines;
}

function stepLines(plan: PlanView): string[] {
  const lines: string[] = [];
  let phase = "";
  for (const step of plan.steps) {
    if (step.phase !== phase) lines.push(step.phase);
    phase = step.phase;
    lines.push(`  ${step.step}${step.host ? ` on ${step.host}` : ""}: ${step.does}`);
  }
  return lines;
}

function section(paint: Paint, title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", paint.bold(title), ...lines.map((line) => `  ${line}`)];
}
