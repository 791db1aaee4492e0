import type { PlanView } from "../release/types.ts";
import { formatBytes } from "../report/duration.ts";
import { code, escapeText, fold } from "./markdown.ts";

const signs = { error: "❌", warning: "⚠️", info: "ℹ️" };

/** What a deploy would do, for a pull request and for the summary: lists that read well on a narrow screen. */
export function planMarkdown(plan: PlanView, page: string | null): string {
  const blocks = [
    hostLines(plan, page),
    changeLines(plan),
    plan.risks.map(({ level, message }) => `- ${signs[level]} ${escapeText(message)}`),
  ].map((lines) => lines.join("\n"));
  const steps = plan.steps.map(
    ({ phase, step, host, does }) =>
      `- ${phase}, ${code(step)}${host ? ` on ${escapeText(host)}` : ""}: ${escapeText(does)}`,
  );
  const found = plan.detected.map(
    ({ name, value, evidence }) => `- ${name}: ${code(value)} (${escapeText(evidence)})`,
  );
  return [...blocks, fold("Steps", steps), fold("Detected", found)]
    .filter((block) => block !== "")
    .join("\n\n");
}

/** `Would deploy 1a2b3c4 to production`. */
export function planTitle({ revision, environment, result }: PlanView): string {
  const short = revision.slice(0, 7);
  return result === "unchanged"
    ? `Nothing to deploy to ${environment}: ${short} is live`
    : `Would deploy ${short} to ${environment}`;
}

function hostLines({ hosts, revision }: PlanView, page: string | null): string[] {
  return hosts.map(({ host, release, revision: live }) => {
    if (!release) return `- **${escapeText(host)}** serves no release of ours`;
    const commits =
      page && live && live !== revision ? ` · [commits](${page}/compare/${live}...${revision})` : "";
    return `- **${escapeText(host)}** serves ${code(release)}${commits}`;
  });
}

function changeLines({ hosts, files, dependencies, migrations }: PlanView): string[] {
  const known = hosts.length > 0;
  const count = `${files.changed} ${files.changed === 1 ? "file" : "files"}`;
  const size = formatBytes(files.bytes);
  return [
    `- Code: ${known ? (files.changed === 0 ? "nothing to send" : `${count} to send, ${size}`) : `${count}, ${size}`}`,
    `- Dependencies (${dependencies.installer}): ${known ? (dependencies.changed ? "to install" : "unchanged") : "not compared"}`,
    ...migrations.map(({ app, name, safe, why }) => {
      const judged = safe === false ? "⚠️ unsafe" : safe ? "safe" : "not judged";
      return `- Migration ${code(`${app}.${name}`)}: ${judged}${why ? `, ${escapeText(why)}` : ""}`;
    }),
    ...(known ? ["- Downtime: none, the switch is one rename"] : []),
  ];
}
