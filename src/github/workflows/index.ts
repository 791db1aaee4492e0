import { parseDocument } from "yaml";
import { Told } from "../../errors.ts";
import { deployWorkflow } from "./deploy.ts";
import type { WorkflowInput } from "./parts.ts";
import { planWorkflow } from "./plan.ts";
import { rollbackWorkflow } from "./rollback.ts";
import { requirePlainText } from "./scalar.ts";

export type { WorkflowInput } from "./parts.ts";

/**
 * The workflows that `init` writes, by path from the repository's top. Throws `init.value` (exit code 2) for a text that
 * can not stand in one.
 */
export function workflows(input: WorkflowInput): Record<string, string> {
  const { action: _, secrets, ...texts } = input;
  const named = [
    ...Object.entries(texts),
    ...secrets.map((name): [string, string] => ["a secret's name", name]),
  ];
  for (const [name, text] of named) if (text) requirePlainText(name, text);
  const written = {
    ".github/workflows/deploy.yml": deployWorkflow(input),
    ".github/workflows/plan.yml": planWorkflow(input),
    ".github/workflows/rollback.yml": rollbackWorkflow(input),
  };
  for (const [path, text] of Object.entries(written))
    if (parseDocument(text).errors.length > 0)
      throw new Told(`${path} would be no YAML; nothing was written`);
  return written;
}
