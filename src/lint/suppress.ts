import { elements, type Judge, setting } from "./judge.ts";
import type { Finding, Suppressed } from "./types.ts";

/** What djdeploy.yml, comments and SILENCED_SYSTEM_CHECKS take out, each with its reason. */
export function suppress(j: Judge, findings: Finding[]): { kept: Finding[]; suppressed: Suppressed[] } {
  const silenced = silencedIds(j);
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
  return { kept: [...kept, ...unused(j, suppressed)], suppressed };
}

/** What is told to be ignored, by djdeploy.yml or a comment, and is not there. */
function unused(j: Judge, suppressed: Suppressed[]): Finding[] {
  const about = (message: string, file: string, line: number): Finding => ({
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
  });
  const found = Object.keys(j.input.ignore)
    .filter((id) => !suppressed.some((s) => s.id === id && s.by === "djdeploy.yml"))
    .map((id) => about(`lint.ignore names ${id}, but there is no such finding`, "djdeploy.yml", 1));
  for (const [file, { lines }] of j.evaluation.parsed)
    for (const [i, line] of lines.entries()) {
      const comment = COMMENT.exec(line);
      if (comment && !suppressed.some((s) => s.by === `${file}:${i + 1}`))
        found.push(about(`the comment ignores ${comment[1]}, but there is no such finding`, file, i + 1));
    }
  return found;
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
