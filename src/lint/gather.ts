import { declared, distribution } from "../python/outside/declared.ts";
import { docsOf } from "./docs.ts";
import type { Judge } from "./judge.ts";
import type { Rule } from "./rule.ts";
import { notFollowedRule } from "./rules/not-followed.ts";
import type { Finding } from "./types.ts";

const RANK: Finding["level"][] = ["error", "warning", "info"];

/**
 * Of what one thing hides, one finding instead of one for each check: a call into a package, or a statement after which
 * any setting may be another. The checks that cannot be made are its `also`.
 */
export function gathered(j: Judge, findings: Finding[]): Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const f of findings) {
    const reason = reasonOf(j, f);
    if (reason !== null) groups.set(reason, [...(groups.get(reason) ?? []), f]);
  }
  const hidden = new Map<Finding, Finding | null>();
  for (const [reason, group] of groups) {
    const [first] = group;
    if (!first || group.length < 2) continue;
    for (const f of group) hidden.set(f, null);
    hidden.set(first, together(j, reason, group));
  }
  return findings.flatMap((f) => (hidden.has(f) ? (hidden.get(f) ?? []) : [f]));
}

/** Why it is not known. Where any setting may be another, that alone would be enough. */
function reasonOf(j: Judge, f: Finding): string | null {
  return f.reason === undefined ? null : (j.evaluation.open?.reason ?? f.reason);
}

function together(j: Judge, reason: string, group: Finding[]): Finding {
  const rule: Rule = notFollowedRule;
  const first = group.find((f) => f.setting !== null && f.file) ?? (group[0] as Finding);
  const names = [...new Set(group.map((f) => f.setting).filter((name) => name !== null))];
  const opened = j.m.notes.find((n) => n.kind === "open" && n.what === reason)?.place;
  const place = opened?.file ? opened : first;
  return {
    id: rule.id,
    level: RANK.find((level) => group.some((f) => f.level === level)) ?? rule.level,
    message: `${cause(j, reason, group.length)} (${shortList(names)})`,
    hint: rule.fix,
    file: place.file,
    line: place.line,
    column: place.column,
    setting: names.length === 1 ? (names[0] ?? null) : null,
    certainty: "unknown",
    dependsOn: [],
    also: [...new Set(group.flatMap((f) => [f.id, ...f.also]))],
    docs: docsOf(rule, j.version),
  };
}

function cause(j: Judge, reason: string, count: number): string {
  const outside = /^([\w.]+) is outside the project$/.exec(reason)?.[1];
  if (!outside) return `${count} checks cannot be made: ${reason}`;
  const top = outside.split(".")[0] as string;
  const from = declared(j.m, top) ? `, of the package ${distribution(top)} in the requirements` : "";
  const called = j.m.notes.some((n) => n.kind === "call" && n.what === reason);
  return `${count} checks depend on what ${outside} ${called ? "does" : "holds"}${from}`;
}

function shortList(names: string[]): string {
  const more = names.length > 6 ? ` and ${names.length - 6} more` : "";
  return names.length === 0 ? "no setting" : `${names.slice(0, 6).join(", ")}${more}`;
}
