import type { Finding, LintResult } from "../lint/types.ts";
import { WAY_OUT } from "../lint/way-out.ts";
import { code, escapeText } from "./markdown.ts";

const signs = { error: "❌", warning: "⚠️", info: "ℹ️" };

/** All findings, also those that found no room among the annotations. */
export function findingsList({ findings, suppressed, settingsModule, notJudged }: LintResult): string {
  if (notJudged !== undefined && findings.every(({ certainty }) => certainty !== "certain"))
    return `${code(settingsModule)} was not judged: ${escapeText(notJudged)}. ${escapeText(WAY_OUT)}.`;
  if (findings.length === 0) return `No findings in ${code(settingsModule)}.`;
  const list = findings.map(findingLine).join("\n");
  const ignored = suppressed.map(({ id, reason }) => `${code(id)} (${escapeText(reason)})`).join(", ");
  return ignored ? `${list}\n\nIgnored: ${ignored}` : list;
}

/** What, where and what to do, each of which may wrap. */
export function findingLine({ level, id, message, certainty, file, line, hint }: Finding): string {
  const sure = certainty === "certain" ? "" : ` (${certainty})`;
  return `- ${signs[level]} ${code(id)} ${escapeText(`${message}${sure}`)}<br>${code(`${file}:${line}`)}: ${escapeText(hint)}`;
}
