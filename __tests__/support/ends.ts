import type { ChildProcess } from "node:child_process";

/** Node's options for a face of ours, so that `leftOpen` knows what its owner did not close. */
export const watched = ["--require", new URL("./left-open.cjs", import.meta.url).pathname];

/** How a face of ours tells its result: to a program, to a person, in a workflow's log. */
const resultLine =
  /"code":"result"|^(?:deployed|unchanged|kept-old|reverted|rolled-back|refused|locked|partial|failed): /m;

/** The product ends within 2 s; a busy machine has more. */
const mostMs = 10_000;

/** What a started face of ours prints until it ends, and with which exit code. Rejects as `endOf` does. */
export async function heard(
  child: ChildProcess,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.on("data", (data) => {
      said[name] += data;
    });
  const [code] = await endOf(child);
  return { code, ...said };
}

/**
 * How a started face of ours ends. Rejects where the process lives on after its result, and where it ended with something
 * left open that its owner should have closed.
 */
export function endOf(child: ChildProcess): Promise<[code: number | null, signal: NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let tail = "";
    let left: string | undefined;
    const read = (chunk: Buffer | string) => {
      tail = (tail + chunk.toString()).slice(-20_000);
      left ??= /^left open at the end: .*/m.exec(tail)?.[0];
      if (timer || !resultLine.test(tail)) return;
      timer = setTimeout(() => {
        child.kill("SIGKILL");
        reject(new Error(`process still alive ${mostMs / 1000} s after its result:\n${tail}`));
      }, mostMs);
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", read);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      if (left) reject(new Error(`${left}\n${tail}`));
      else resolve([code, signal]);
    });
  });
}
