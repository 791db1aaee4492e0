import { elements, type Judge, setting, TRUE } from "./judge.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules/index.ts";
import type { Finding, Suppressed } from "./types.ts";
import { placeOf } from "./verdict.ts";

/**
 * What djdeploy.yml, comments and SILENCED_SYSTEM_CHECKS take out, each with its reason. `gather` puts together what is
 * left, and can be taken out as a whole.
 */
export function suppress(
  j: Judge,
  findings: Finding[],
  gather: (left: Finding[]) => Finding[],
): { kept: Finding[]; suppressed: Suppressed[] } {
  const silenced = silencedIds(j);
  const one = takenOut(j, findings, silenced);
  const all = takenOut(j, gather(one.kept), silenced);
  const suppressed = [...one.suppressed, ...all.suppressed];
  return { kept: [...all.kept, ...unused(j, suppressed), ...idle(j, silenced, findings)], suppressed };
}

function takenOut(
  j: Judge,
  findings: Finding[],
  silenced: Set<string>,
): { kept: Finding[]; suppressed: Suppressed[] } {
  const kept: Finding[] = [];
  const suppressed: Suppressed[] = [];
  for (const f of findings) {
    const reason = j.input.ignore[f.id];
    const comment = commentFor(j, f);
    if (reason !== undefined) suppressed.push({ id: f.id, reason, by: "djdeploy.yml" });
    else if (comment) suppressed.push(comment);
    else if (silenced.has(f.id))
      suppressed.push({ id: f.id, reason: "named in SILENCED_SYSTEM_CHECKS", by: "SILENCED_SYSTEM_CHECKS" });
    else kept.push(f);
  }
  return { kept, suppressed };
}

/** Ids in SILENCED_SYSTEM_CHECKS that we judge, and that nothing would raise. */
function idle(j: Judge, silenced: Set<string>, findings: Finding[]): Finding[] {
  const rule = RULES.find((r) => r.id === "djdeploy.silenced-not-raised") as Rule;
  const place = placeOf(j.evaluation, "SILENCED_SYSTEM_CHECKS", TRUE);
  return [...silenced]
    .filter((id) => /^security\./.test(id) && RULES.some((r) => r.id === id))
    .filter((id) => !findings.some((f) => f.id === id || f.also.includes(id)))
    .map((id) => ({
      ...plainFinding(
        `SILENCED_SYSTEM_CHECKS hides ${id}, which would not be raised`,
        place?.file ?? "",
        place?.line ?? 1,
      ),
      id: rule.id,
      hint: rule.fix,
      setting: "SILENCED_SYSTEM_CHECKS",
    }));
}

/** What is told to be ignored, by djdeploy.yml or a comment, and is not there. */
function unused(j: Judge, suppressed: Suppressed[]): Finding[] {
  const found = Object.keys(j.input.ignore)
    .filter((id) => !suppressed.some((s) => s.id === id && s.by === "djdeploy.yml"))
    .map((id) => plainFinding(`lint.ignore names ${id}, but there is no such finding`, "djdeploy.yml", 1));
  for (const [file, { lines }] of j.evaluation.parsed)
    for (const [i, line] of lines.entries()) {
      const comment = COMMENT.exec(line);
      if (comment && !suppressed.some((s) => s.by === `${file}:${i + 1}`))
        found.push(
          plainFinding(`the comment ignores ${comment[1]}, but there is no such finding`, file, i + 1),
        );
    }
  return found;
}

function plainFinding(message: string, file: string, line: number): Finding {
  return {
    id: "djdeploy.unused-ignore",
    level: "info",
    message,
    hint: "correct the id, or remove the line",
    file,
    line,
    column: 1,
    setting: null,
    certainty: "certain",
    dependsOn: [],
    also: [],
    docs: null,
  };
}

const COMMENT = /#\s*djdeploy:\s*ignore\s+([\w.,-]+)\s+(\S.*)$/;

/** Ids that Django is told to keep quiet about, in every world. */
function silencedIds(j: Judge): Set<string> {
  const ids = new Set<string>();
  for (const { item, when } of elements(j, setting(j, "SILENCED_SYSTEM_CHECKS")))
    if (item.t === "str" && when.t === "bool" && when.v) ids.add(item.v);
  return ids;
}

/** `# djdeploy: ignore security.W008 nginx redirects` at the end of the line that decided the value. */
function commentFor(j: Judge, f: Finding): Suppressed | null {
  const line = j.evaluation.parsed.get(f.file)?.lines[f.line - 1];
  const found = line ? COMMENT.exec(line) : null;
  if (!found?.[1]?.split(",").includes(f.id)) return null;
  return { id: f.id, reason: found[2] as string, by: `${f.file}:${f.line}` };
}
