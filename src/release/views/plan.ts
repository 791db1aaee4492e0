import { createPaint, type Paint } from "../../report/paint.ts";
import type { PlanView } from "../types.ts";
import { planChanges } from "./plan-changes.ts";
import { table } from "./table.ts";

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
    ...section(
      paint,
      "Changes",
      planChanges(plan).map(([subject, sentence]) => `${subject}: ${sentence}`),
    ),
    ...section(paint, "Migrations", migrationLines(plan)),
    ...section(paint, plan.findings.since ? "New findings" : "Findings", findingLines(plan)),
    ...section(paint, "Steps", stepLines(plan)),
    ...section(paint, "What visitors see of it", guaranteeLines(plan)),
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
  // Said only where hosts differ in it.
  const told = plan.hosts.some(({ roles }) => roles.join() !== "web");
  const rows = plan.hosts.map((host) => [
    host.host,
    ...(told ? [host.roles.join(", ")] : []),
    host.release ?? "serves no release of ours",
    host.revision?.slice(0, 7) ?? "",
    host.slot ?? "",
  ]);
  return table(["host", ...(told ? ["roles"] : []), "live release", "revision", "slot"], rows);
}

/** The SQL is long: `--format json` and a pull request's comment have it. */
function migrationLines({ migrations }: PlanView): string[] {
  return migrations.flatMap(({ database, app, name, operations, why }) => [
    `${app}.${name}${database === "default" ? "" : ` on ${database}`}${why ? `: ${why}` : ""}`,
    ...operations.map((one) => `  ${one}`),
  ]);
}

function findingLines({ findings }: PlanView): string[] {
  return findings.new.map(
    ({ level, id, message, file, line }) => `${level}: ${id} ${message}  ${file}:${line}`,
  );
}

function guaranteeLines({ guarantee }: PlanView): string[] {
  return [
    guarantee.strategy,
    `requests lost: ${guarantee.lost}`,
    `a request that takes very long: ${guarantee.long}`,
    `stall: ${guarantee.stall}`,
    `a broken release: ${guarantee.broken}`,
    `a reboot starts ${guarantee.reboot}`,
  ];
}

/** One line for what is the same on several hosts. */
function stepLines(plan: PlanView): string[] {
  const phases = [...new Set(plan.steps.map(({ phase }) => phase))];
  return phases.flatMap((phase) => {
    const hosts = new Map<string, string[]>();
    for (const { step, host, does } of plan.steps.filter((one) => one.phase === phase)) {
      const key = `${step}\0${does}`;
      hosts.set(key, [...(hosts.get(key) ?? []), ...(host ? [host] : [])]);
    }
    return [phase, ...[...hosts].map(([key, on]) => stepLine(plan, key, on))];
  });
}

function stepLine(plan: PlanView, key: string, on: string[]): string {
  const [step, does] = key.split("\0");
  const all = plan.hosts.length > 1 && on.length === plan.hosts.length;
  const where = on.length === 0 ? "" : all ? " on every host" : ` on ${on.join(", ")}`;
  return `  ${step}${where}: ${does}`;
}

function section(paint: Paint, title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", paint.bold(title), ...lines.map((line) => `  ${line}`)];
}
