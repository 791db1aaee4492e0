import { parse } from "yaml";
import type { SourceTree } from "../lint/types.ts";

type Env = Record<string, unknown>;
interface Step {
  uses?: unknown;
  run?: unknown;
  env?: Env;
}
interface Workflow {
  env?: Env;
  jobs?: Record<string, { env?: Env; steps?: Step[] } | null>;
}

/** A step that runs this action, or the command line. */
const deploys = ({ uses, run }: Step): boolean =>
  (typeof uses === "string" && /(?:^|\/)(?:django-deploy|djdeploy)@/.test(uses)) ||
  (typeof run === "string" && /(?:^|[\s;&|])djdeploy\s/.test(run));

/**
 * The values that the repository's workflows write out for variables which this project passes on: those of the step
 * that deploys, of its job and of its workflow. Expressions are not known; a variable with two values is left out.
 */
export function workflowValues(files: SourceTree, passedOn: readonly string[]): Record<string, string> {
  if (passedOn.length === 0) return {};
  const found = new Map<string, Set<string | null>>();
  for (const path of files.list()) {
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) continue;
    for (const env of deployEnvironments(files.read(path)))
      for (const name of passedOn) {
        const values = found.get(name) ?? new Set();
        values.add(Object.hasOwn(env, name) ? literal(env[name]) : null);
        found.set(name, values);
      }
  }
  const known: Record<string, string> = {};
  for (const [name, values] of found) {
    const [only] = values;
    if (values.size === 1 && typeof only === "string") known[name] = only;
  }
  return known;
}

/** The environment of each step of a workflow that deploys. */
function deployEnvironments(text: string | null): Env[] {
  let workflow: Workflow | null = null;
  try {
    workflow = parse(text ?? "") as Workflow | null;
  } catch {
    return [];
  }
  if (typeof workflow !== "object" || workflow === null || typeof workflow.jobs !== "object") return [];
  return Object.values(workflow.jobs ?? {}).flatMap((job) =>
    (Array.isArray(job?.steps) ? job.steps : [])
      .filter((step) => typeof step === "object" && step !== null && deploys(step))
      .map((step) => ({ ...workflow?.env, ...job?.env, ...step.env })),
  );
}

/** What the runner sets for a value that is written out; null for what it computes. */
function literal(value: unknown): string | null {
  if (value === null) return "";
  const text = typeof value === "object" ? null : String(value);
  return text === null || text.includes("${{") ? null : text;
}
