import { ASSUMED_DJANGO } from "../python/outside/django-defaults.ts";
import { docsOf } from "./docs.ts";
import { RULES } from "./rules/index.ts";
import type { RuleDoc } from "./types.ts";

/** What an id means; null when it is not known. */
export function explain(id: string): RuleDoc | null {
  const rule = RULES.find(
    (r) =>
      r.id.toLowerCase() === id.toLowerCase() ||
      r.id.toLowerCase() === `security.${id.toLowerCase()}` ||
      r.id.toLowerCase() === `djdeploy.${id.toLowerCase()}`,
  );
  if (!rule) return null;
  const { level, title, why, fix } = rule;
  return { id: rule.id, level, title, why, fix, docs: docsOf(rule, ASSUMED_DJANGO) };
}

/** Every rule, in the order of the reference page. */
export function allRules(): RuleDoc[] {
  return RULES.map((r) => explain(r.id) as RuleDoc);
}

/** Is it only worth saying once there is TLS? */
export function httpsOnly(id: string): boolean {
  return RULES.some((r) => r.id === id && r.https === true);
}
