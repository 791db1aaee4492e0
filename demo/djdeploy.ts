import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Screen } from "./screen.ts";

// This file runs from build/demo; the product is what a checkout holds.
const program = fileURLToPath(new URL("../../dist/cli/index.js", import.meta.url));

/** Shows a command and its lines, and gives its exit code. What is in `input` is nowhere else. */
export type Djdeploy = (words: string[], input?: string) => Promise<number>;

/** The real command line, as its user has it: in a process of its own, in the project's folder. */
export function commandLine(
  screen: Screen,
  { project, keyFile, signal }: { project: string; keyFile: string; signal: AbortSignal },
): Djdeploy {
  return async (words, input = "") => {
    signal.throwIfAborted();
    screen.line(`  $ djdeploy ${words.join(" ")}`);
    const options = ["--identity", keyFile, "--ssh-config", "none", "--yes"];
    // The `--` keeps Node 20 from taking --env-file for its own, as the first line of the program does.
    const child = spawn(process.execPath, ["--", program, ...words, ...options], {
      cwd: project,
      // Ctrl-C on a terminal is ours to handle: its own last words would only be about being interrupted.
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    screen.busy();
    const show = (text: string) => {
      if (!signal.aborted) screen.line(`  ${text}`);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", show);
    const end = () => child.kill("SIGTERM");
    signal.addEventListener("abort", end);
    // A command that does not react to its end is left to the clean-up.
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => setTimeout(() => reject(signal.reason), 5000).unref());
    });
    aborted.catch(() => {});
    const [code] = (await Promise.race([once(child, "close"), aborted])) as [number | null];
    signal.removeEventListener("abort", end);
    screen.rest();
    signal.throwIfAborted();
    return code ?? 1;
  };
}
