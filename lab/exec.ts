import { spawn } from "node:child_process";

export type Outcome = { code: number | null; stdout: string; stderr: string };

type Options = {
  input?: string | undefined;
  cwd?: string | undefined;
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number | undefined;
};

/** Runs a program to its end. Never throws for an exit status; `code` is null when a signal ended it. */
export function run(file: string, args: string[], options: Options = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: options.env ?? process.env,
      ...(options.cwd ? { cwd: options.cwd } : {}),
      ...(options.timeoutMs ? { timeout: options.timeoutMs, killSignal: "SIGKILL" as const } : {}),
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    // A program that ends without reading its input is no error of ours.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

/** Runs a program that has to succeed and gives what it printed. */
export async function must(file: string, args: string[], options: Options = {}): Promise<string> {
  const { code, stdout, stderr } = await run(file, args, options);
  if (code === 0) return stdout;
  const said = (stderr.trim() || stdout.trim()).split("\n").slice(-15).join("\n");
  throw new Error(`${file} ${args.join(" ").slice(0, 300)}: exit status ${code}\n${said}`);
}
