import { versionOf } from "../python/outside/django-defaults.ts";
import type { Rule } from "./rule.ts";

/** The page about a rule, in the documentation of this version of Django; null where there is none. */
export function docsOf(rule: Rule, version: string): string | null {
  if (!rule.docs) return null;
  if (rule.docs.startsWith("http")) return rule.docs;
  const [a, b] = versionOf(version) ?? [5, 2];
  return `https://docs.djangoproject.com/en/${a}.${b}/${rule.docs}`;
}
