import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parse } from "yaml";
import { ours } from "../../scripts/github/called.ts";
import { home } from "../../src/version.ts";
import { temporaryFolder } from "./repository.ts";
import { runStep, type StepRun } from "./runner.ts";

interface Step {
  id?: string;
  name?: string;
  uses?: string;
  with?: Record<string, string | number | boolean>;
  env?: Record<string, string>;
}
interface Job {
  needs?: string | string[];
  outputs?: Record<string, string>;
  steps: Step[];
}

export interface WorkflowRun {
  secrets?: Record<string, string>;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  event: { name: string; payload?: object };
  /** On the way of an artefact from job to job, as the folder that keeps it. */
  onArtifact?(folder: string): void;
}

type Outputs = Record<string, Record<string, string>>;
/** What an expression may name: outputs of the job's steps, and of the jobs it needs. */
interface Known {
  steps: Outputs;
  needs: Outputs;
}

/**
 * Runs a written workflow as GitHub would: its jobs in the order of their needs, each in a clone of its own; our action
 * is the committed bundle, and an artefact is kept between jobs. `path` is relative to the repository, or one of ours that
 * it calls. Knows just what our workflows use, and throws at anything else. Ends at the first red step.
 */
export async function runWorkflow(
  repository: string,
  path: string,
  run: WorkflowRun,
): Promise<{ job: string; step: string; result: StepRun }[]> {
  const { jobs } = parse(readFileSync(resolve(repository, path), "utf8")) as { jobs: Record<string, Job> };
  const done: { job: string; step: string; result: StepRun }[] = [];
  const needs: Outputs = {};
  const kept = temporaryFolder();
  for (const name of inOrder(jobs)) {
    let workspace = "";
    const known: Known = { steps: {}, needs };
    for (const step of jobs[name]!.steps) {
      const inputs = evaluated(step.with ?? {}, run, known);
      if (step.uses?.startsWith("actions/checkout@")) {
        workspace = clone(repository, inputs["fetch-depth"] ?? "1");
      } else if (step.uses?.startsWith(`${home}@`) || step.uses === ours.github) {
        const env = { ...run.env, ...evaluated(step.env ?? {}, run, known) };
        const event = { name: run.event.name, payload: run.event.payload ?? {} };
        const result = await runStep(workspace, inputs, { env, event });
        done.push({ job: name, step: step.name ?? "", result });
        if (result.code !== 0) return done;
        if (step.id) known.steps[step.id] = result.outputs;
      } else if (step.uses?.startsWith("actions/upload-artifact@")) {
        const folder = join(kept, inputs["name"]!);
        mkdirSync(folder);
        copyFileSync(join(workspace, inputs["path"]!), join(folder, basename(inputs["path"]!)));
        run.onArtifact?.(folder);
      } else if (step.uses?.startsWith("actions/download-artifact@")) {
        cpSync(join(kept, inputs["name"]!), join(workspace, inputs["path"]!), { recursive: true });
      } else throw new Error(`${path}: this interpreter does not know ${JSON.stringify(step)}`);
    }
    needs[name] = evaluated(jobs[name]!.outputs ?? {}, run, known);
  }
  return done;
}

function inOrder(jobs: Record<string, Job>): string[] {
  const order: string[] = [];
  const visit = (name: string) => {
    for (const need of [jobs[name]!.needs ?? []].flat()) visit(need);
    if (!order.includes(name)) order.push(name);
  };
  Object.keys(jobs).forEach(visit);
  return order;
}

/** A missing secret is an empty text, as on GitHub. */
function evaluated(
  values: Record<string, unknown>,
  { secrets = {}, inputs = {} }: WorkflowRun,
  { steps, needs }: Known,
): Record<string, string> {
  const value = (text: string) =>
    text.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => {
      const [, of, id = "", output = ""] =
        /^(steps|needs)\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
      if (of) return (of === "steps" ? steps : needs)[id]?.[output] ?? "";
      const [, context, name] = /^(secrets|inputs)\.([\w-]+)$/.exec(expression) ?? [];
      if (!name) throw new Error(`this interpreter does not know ${expression}`);
      return (context === "secrets" ? secrets : inputs)[name] ?? "";
    });
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, value(String(text))]));
}

/** What actions/checkout leaves: a clone of so many commits (0: all). */
function clone(repository: string, depth: string): string {
  const workspace = join(temporaryFolder(), "workspace");
  const args = depth === "0" ? [] : [`--depth=${depth}`];
  execFileSync("git", ["clone", "-q", ...args, `file://${repository}`, workspace], { stdio: "pipe" });
  execFileSync("git", ["-C", workspace, "remote", "remove", "origin"], { stdio: "pipe" });
  return workspace;
}
