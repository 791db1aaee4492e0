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
  return { kept, suppressed };
}

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
  const found = line ? /#\s*djdeploy:\s*ignore\s+([\w.,-]+)\s+(\S.*)$/.exec(line) : null;
  if (!found?.[1]?.split(",").includes(f.id)) return null;
  return { id: f.id, reason: found[2] as string, by: `${f.file}:${f.line}` };
}
