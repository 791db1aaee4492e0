import type { DeployError } from "../errors.ts";
import type { ReleaseView } from "../release/types.ts";
import { formatDuration } from "../report/duration.ts";
import type { Report, StepResult } from "../report/event.ts";
import { cutText, succeeded, verdict, whatServes } from "../report/text.ts";
import { code, escapeText, markdownTable, shortNames } from "./markdown.ts";

/** What a step had to say when it was done. */
export interface Said {
  step: string;
  host: string | null;
  message: string;
}

/** `✅ deployed … to web1 in 8.2 s`, or what failed and what that means. */
export function verdictLine(report: Report, error: DeployError | null): string {
  if (succeeded(report.result) && !error) return `✅ ${escapeText(verdict(report))}`;
  const place = [error?.details.host, error?.details.step].filter(Boolean).join(", ");
  const why = error ? ` — ${place ? `${place}: ` : ""}${error.message}` : "";
  return `❌ ${report.result}: ${escapeText(`${whatServes(report)}${why}`)}`;
}

/** What each host serves now, and how it was proven. */
export function hostsList({ hosts }: Report): string {
  return hosts
    .map(({ host, result, release, proof, cut }) => {
      const nothing = result === "partial" ? "what it serves is not known" : "serves no release of ours";
      const serves = release ? `serves ${code(release)}` : nothing;
      return `- **${escapeText(host)}** ${result}: ${serves}${proof ? `<br>${escapeText(proof)}` : ""}${cut ? `<br>⚠️ ${cutText(cut)}` : ""}`;
    })
    .join("\n");
}

/** What the run warned of, for those who read no log. */
export function warningsList({ warnings = [] }: Report): string {
  return warnings.map((text) => `- ⚠️ ${escapeText(text)}`).join("\n");
}

/** Steps down, hosts across, times in the cells. */
export function stepsTable(report: Report): string {
  const hosts = [...new Set(report.steps.map((step) => step.host ?? "runner"))];
  const short = shortNames(hosts);
  const names = [...new Set(report.steps.map((step) => step.step))];
  const cell = (name: string, host: string) =>
    report.steps
      .filter((step) => step.step === name && (step.host ?? "runner") === host)
      .map(timeOf)
      .join(", ");
  return markdownTable(
    ["step", ...hosts.map((host) => escapeText(short(host)))],
    names.map((name) => [escapeText(name), ...hosts.map((host) => cell(name, host))]),
  );
}

function timeOf({ ms, status }: StepResult): string {
  if (status === "skipped") return "skipped";
  const time = formatDuration(ms);
  if (status === "failed") return `❌ ${time}`;
  return status === "unchanged" ? `${time} (unchanged)` : time;
}

/** What the steps did, in their own words. */
export function whatChanged(said: Said[]): string {
  if (said.length === 0) return "";
  const lines = said.map(({ step, host, message }) => {
    const where = host ? `${escapeText(host)}, ` : "";
    return `- ${where}${escapeText(step)}: ${escapeText(message)}`;
  });
  return `<details><summary>What changed</summary>\n\n${lines.join("\n")}\n\n</details>`;
}

/** How to go back, where there is something to go back to; `page` is the one with the button. */
export function wayBack({ result, environment, previousRelease }: Report, page: string | null): string {
  if (result !== "deployed" || !previousRelease) return "";
  const button = page ? `[run the rollback](${page})` : "run this workflow with `command: rollback`";
  return `Back to ${code(previousRelease)}: ${button}, or ${code(`djdeploy rollback ${environment} --to ${previousRelease}`)}`;
}

/** The commits between what served before and what serves now; a release's name ends with its commit. */
export function commitsLink({ result, previousRelease, revision }: Report, page: string | null): string {
  const before = /-([0-9a-f]{7,40})$/.exec(previousRelease ?? "")?.[1];
  if (result !== "deployed" || !page || !before || !revision || revision.startsWith(before)) return "";
  return `[Commits since the release before](${page}/compare/${before}...${revision})`;
}

/** Where a rollback could go, the newest first; a release's name says when it was made, and of which commit. */
export function releasesList(releases: ReleaseView[]): string {
  const rows = releases
    .filter(({ live, state }) => live || state === "superseded")
    .map(({ id, host, actor, live }) => {
      const of = several(releases) ? `, ${escapeText(host)}` : "";
      return `- ${code(id)}${live ? " **live**" : ""}, by ${escapeText(actor)}${of}`;
    });
  return rows.length === 0 ? "" : `Releases on the hosts\n\n${rows.join("\n")}`;
}

function several(releases: ReleaseView[]): boolean {
  return new Set(releases.map(({ host }) => host)).size > 1;
}
