import type { DeployError } from "../errors.ts";
import { indented, visibleError } from "./border.ts";
import { formatDuration } from "./duration.ts";
import type { HostResult, Report, RunResult } from "./event.ts";
import { createPaint, type Paint } from "./paint.ts";
import { visibleDeep } from "./visible.ts";

/** Lines of output that a report shows of a failing step. */
export const tailLines = 15;

/** What a result means, in the words of its user; `{release}` is what serves: after a rollback that is the newer one. */
export const resultWords: Record<RunResult, string> = {
  deployed: "deployed",
  unchanged: "nothing to do: the live release is this one, and it is proven",
  "kept-old": "failed before the switch: {release} serves, as before",
  reverted: "failed after the switch: {release} serves again, proven",
  "rolled-back": "rolled back",
  refused: "refused: nothing was changed",
  locked: "another run holds the lock: nothing was changed",
  partial: "the hosts differ",
  failed: "failed: nothing served before",
};

export function succeeded(result: RunResult): boolean {
  return result === "deployed" || result === "unchanged" || result === "rolled-back";
}

/** The end of a run for people: the verdict first, then what they need to act. Ends with a newline. */
export function reportText(
  report: Report,
  error: DeployError | null,
  paint: Paint = createPaint(false),
): string {
  const safe = visibleDeep(report);
  return succeeded(report.result) && !error ? successText(safe, paint) : failureText(safe, error, paint);
}

/** One sentence: `deployed 20261120T… (1a2b3c4) to web1 in 8.2 s`. */
export function verdict(report: Report): string {
  const what = report.release
    ? `${report.release}${report.revision ? ` (${report.revision.slice(0, 7)})` : ""}`
    : (report.revision?.slice(0, 7) ?? "the release");
  const hosts = report.hosts.map((host) => host.host).join(", ") || report.environment;
  const time = formatDuration(report.durationMs);
  switch (report.result) {
    case "deployed":
      return `deployed ${what} to ${hosts} in ${time}`;
    case "rolled-back":
      return `rolled back to ${what} on ${hosts} in ${time}`;
    case "unchanged":
      return `unchanged: ${what} is live on ${hosts}, checked in ${time}`;
    default:
      return `${report.result}: ${report.environment}, after ${time}`;
  }
}

function successText(report: Report, paint: Paint): string {
  const lines = [paint.good(paint.bold(verdict(report)))];
  for (const host of report.hosts) {
    if (host.proof) lines.push(`  proven: ${host.host}: ${host.proof}`);
    if (host.cut) lines.push(paint.warn(`  ${host.host}: ${cutText(host.cut)}`));
  }
  lines.push(...warningLines(report, paint));
  if (report.url) lines.push(`  ${report.url}`);
  if (report.previousRelease && report.result !== "unchanged") {
    lines.push(
      paint.dim(`  before: ${report.previousRelease}; back to it: djdeploy rollback ${report.environment}`),
    );
  }
  return `${lines.join("\n")}\n`;
}

function failureText(report: Report, error: DeployError | null, paint: Paint): string {
  const lines: string[] = [];
  if (error) lines.push(errorText(error, paint).trimEnd());
  lines.push(paint.bold(`${report.result}: ${whatServes(report)}`));
  for (const host of report.hosts) {
    lines.push(`  ${servesNow(host)}`);
    if (host.cut) lines.push(`  ${host.host}: ${cutText(host.cut)}`);
  }
  lines.push(...warningLines(report, paint));
  return `${lines.join("\n")}\n`;
}

function warningLines({ warnings = [] }: Report, paint: Paint): string[] {
  return warnings.map((text) => paint.warn(`  warning: ${text}`));
}

/** A run that ended before it knew its hosts changed nothing; what they serve it never saw. */
export function whatServes({ result, hosts }: Report): string {
  if (result === "kept-old" && hosts.length === 0) return "nothing was changed on any host";
  const [one, ...more] = new Set(hosts.map(({ release }) => release));
  const serves = (more.length === 0 ? one : null) ?? "what served before the run";
  return resultWords[result].replace(/^[^:]*: /, "").replace("{release}", serves);
}

/** The last line: exactly the contract's fields. */
export function resultLine(report: Report): object {
  return {
    code: "result",
    result: report.result,
    environment: report.environment,
    release: report.release,
    previousRelease: report.previousRelease,
    revision: report.revision,
    url: report.url,
    durationMs: Math.round(report.durationMs),
    hosts: report.hosts.map(({ host, result, release, proof, cut = 0 }) => ({
      ...{ host, result, release, proof },
      cut,
    })),
    ...(report.warnings ? { warnings: report.warnings } : {}),
    steps: report.steps.map(({ step, host, ms, status }) => ({ step, host, ms: Math.round(ms), status })),
  };
}

/** `2 connections of visitors were cut`. */
export function cutText(cut: number): string {
  return `${cut} ${cut === 1 ? "connection of a visitor was" : "connections of visitors were"} cut when what served before ended`;
}

/** What a host serves, as far as it is known. */
export function servesNow(host: HostResult): string {
  if (host.unreached) return `${host.host}: was not reached; nothing was changed there`;
  if (host.result === "partial") {
    if (!host.release) return `${host.host}: what it serves is not known`;
    return `${host.host}: serves ${host.release}, ${host.proof ? "not seen since it was proven" : "not proven"}`;
  }
  if (!host.release) return `${host.host}: serves no release of ours`;
  return `${host.host}: serves ${host.release}${host.proof ? ` (${host.proof})` : ""}`;
}

/** An error with everything a person needs to act. Ends with a newline. */
export function errorText(error: DeployError, paint: Paint = createPaint(false)): string {
  const { message, details } = visibleError(error);
  const { host, step, at, expected, seen, hint, output } = details;
  // A host is named once: before the sentence, or by the sentence.
  const told = host && message.startsWith(`${host}: `) ? message.slice(host.length + 2) : message;
  const named = host !== undefined && ` ${told} `.includes(` ${host} `);
  const where =
    [named ? null : host, step].filter(Boolean).join(", ") || (at && !message.includes(at) ? at : "");
  const lines = [`${paint.bad(paint.bold(`error${where ? ` at ${where}` : ""}:`))} ${indented(told, 2)}`];
  if (at && (host || step) && !message.includes(at)) lines.push(labelled("where", at));
  if (expected) lines.push(labelled("expected", expected));
  if (seen) lines.push(labelled("seen", seen));
  if (output?.trim()) {
    lines.push("  last output:", ...tail(output).map((line) => paint.dim(`    ${line}`)));
  }
  if (hint) lines.push(labelled("what to do", hint));
  return `${lines.join("\n")}\n`;
}

/** The last lines of an output, blank ones at the end left out. */
export function tail(output: string, lines = tailLines): string[] {
  return output.trimEnd().split(/\r?\n/).slice(-lines);
}

function labelled(label: string, text: string): string {
  const indent = " ".repeat(label.length + 4);
  return `  ${label}: ${text.trimEnd().split("\n").join(`\n${indent}`)}`;
}
