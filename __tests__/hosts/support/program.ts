import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { actionNode, compileCache } from "../../support/action-node.ts";
import { endOf, watched } from "../../support/ends.ts";

/** A program that was run to its end. */
export interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A program that runs; its output is kept. */
export interface Running {
  child: ChildProcessWithoutNullStreams;
  stdout(): string;
  ended: Promise<Ran>;
}

export const cli = new URL("../../../dist/cli/index.js", import.meta.url).pathname;
export const action = new URL("../../../dist/action/index.js", import.meta.url).pathname;

/**
 * Starts a bundle as a user does, with nothing of this process's environment but PATH and HOME; on the Node that the
 * action has on GitHub. The integration suite starts them on the Node that it runs on itself.
 */
export function start(
  file: string,
  args: string[],
  options: { cwd: string; env?: Record<string, string>; input?: string },
): Running {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, ...compileCache, ...options.env };
  const child = spawn(actionNode(), [...watched, "--", file, ...args], { cwd: options.cwd, env });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const ended = endOf(child).then(([code, signal]): Ran => ({ code, signal, stdout, stderr }));
  return { child, stdout: () => stdout, ended };
}
