import type { PlanView } from "../release/types.ts";
import { planChanges } from "../release/views/plan-changes.ts";
import { code, escapeText, fold } from "./markdown.ts";
import { planDetails } from "./summary-plan-details.ts";

const signs = { error: "❌", warning: "⚠️", info: "ℹ️" };

/** What a deploy would do, for a pull request and for the summary: lists that read well on a narrow screen. */
export function planMarkdown(plan: PlanView, page: string | null): string {
  // What would stop it comes first. One list: blank lines between its parts would set all of them apart.
  const lines = [
    ...plan.risks.map(({ level, message }) => `- ${signs[level]} ${escapeText(message)}`),
    ...hostLines(plan, page),
    ...changeLines(plan),
  ];
  const steps = plan.steps.map(
    ({ phase, step, host, does }) =>
      `- ${phase}, ${code(step)}${host ? ` on ${escapeText(host)}` : ""}: ${escapeText(does)}`,
  );
  const found = plan.detected.map(
    ({ name, value, evidence }) => `- ${name}: ${code(value)} (${escapeText(evidence)})`,
  );
  return [lines.join("\n"), ...planDetails(plan, page), fold("Steps", steps), fold("Detected", found)]
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
      page && live && /^[0-9a-f]{7,64}$/.test(live) && live !== revision
        ? ` · [commits](${page}/compare/${live}...${revision})`
        : "";
    return `- **${escapeText(host)}** serves ${code(release)}${commits}`;
  });
}

function changeLines(plan: PlanView): string[] {
  return planChanges(plan).map(([subject, sentence]) => `- **${subject}**: ${escapeText(sentence)}`);
}
