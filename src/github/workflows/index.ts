import { deployWorkflow } from "./deploy.ts";
import type { WorkflowInput } from "./parts.ts";
import { planWorkflow } from "./plan.ts";
import { rollbackWorkflow } from "./rollback.ts";

export type { WorkflowInput } from "./parts.ts";

/** The workflows that `init` writes, by path from the repository's top. */
export function workflows(input: WorkflowInput): Record<string, string> {
  return {
    ".github/workflows/deploy.yml": deployWorkflow(input),
    ".github/workflows/plan.yml": planWorkflow(input),
    ".github/workflows/rollback.yml": rollbackWorkflow(input),
  };
}
