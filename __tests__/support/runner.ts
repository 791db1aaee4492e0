import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "../../src/files/read.ts";
import { actionNode, compileCache } from "./action-node.ts";
import { endOf, watched } from "./ends.ts";
import { temporaryFolder } from "./repository.ts";

export interface StepRun {
  code: number | null;
  log: string;
  outputs: Record<string, string>;
  summary: string;
  /** The environment that the step after the job is given besides. */
  state: Record<string, string>;
  /** What the runner was told to hide. */
  masks: string[];
  /** `::error::` and the like, each as one line. */
  annotations: string[];
}

/** Runs the committed bundle of the action as a GitHub runner does, in the given workspace. */
export async function runStep(
  workspace: string,
  inputs: Record<string, string>,
  options: {
    env?: Record<string, string>;
    event?: { name: string; payload: object };
    node?: string;
    /** Told of the running step, to cancel it as a runner does. */
    onStart?(child: ChildProcess): void;
  } = {},
): Promise<StepRun> {
  const temp = temporaryFolder();
  const file = (name: string, text = "") => {
    const path = join(temp, name);
    writeFileSync(path, text);
    return path;
  };
  mkdirSync(join(temp, "tmp"));
  const env: Record<string, string> = {
    ...compileCache,
    PATH: process.env.PATH ?? "",
    HOME: temp,
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: file("output"),
    GITHUB_STEP_SUMMARY: file("summary"),
    GITHUB_STATE: file("state"),
    GITHUB_EVENT_NAME: options.event?.name ?? "push",
    GITHUB_EVENT_PATH: file("event.json", JSON.stringify(options.event?.payload ?? {})),
    GITHUB_SHA: headOf(workspace),
    GITHUB_ACTOR: "anna",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "org/site",
    GITHUB_RUN_ID: "42",
    RUNNER_TEMP: join(temp, "tmp"),
    ...options.env,
  };
  for (const [name, value] of Object.entries(inputs)) env[`INPUT_${name.toUpperCase()}`] = value;
  const child = spawn(
    options.node ?? actionNode(),
    [...watched, join(process.cwd(), "dist/action/index.js")],
    {
      cwd: workspace,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  options.onStart?.(child);
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = await endOf(child);
  const log = Buffer.concat(chunks).toString("utf8");
  const lines = log.split("\n");
  return {
    code,
    log,
    outputs: readOutputs(textOf(env.GITHUB_OUTPUT!)),
    state: Object.fromEntries(
      Object.entries(readOutputs(textOf(env.GITHUB_STATE!))).map(([name, value]) => [`STATE_${name}`, value]),
    ),
    summary: textOf(env.GITHUB_STEP_SUMMARY!),
    masks: lines.filter((line) => line.startsWith("::add-mask::")).map((line) => line.slice(12)),
    annotations: lines.filter((line) => /^::(?:error|warning|notice)[ :]/.test(line)),
  };
}

/** The commit that is checked out; "" where there is none. */
function headOf(workspace: string): string {
  return spawnSync("git", ["rev-parse", "HEAD"], { cwd: workspace, encoding: "utf8" }).stdout?.trim() ?? "";
}

/** "" where a test put something else in the file's place. */
function textOf(path: string): string {
  return readRegular(path, 1 << 26)?.toString("utf8") ?? "";
}

/** `NAME<<DELIMITER`, the value's lines, DELIMITER. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name, , value] of text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n?\2$/gm)) outputs[name!] = value!;
  return outputs;
}
