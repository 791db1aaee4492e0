import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Holds an exclusive lock on `file` while `work` runs, against every process of this machine.
 * flock(1) holds it and ends with our end of its pipe, so a killed test run leaves no lock behind.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn("flock", ["--no-fork", file, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once("data", () => resolve());
    holder.once("error", reject);
    holder.once("exit", (code) => reject(new Error(`flock ${file} ended with ${code}`)));
  });
  try {
    return await work();
  } finally {
    const gone = new Promise((resolve) => holder.once("exit", resolve));
    holder.stdin.end();
    await gone;
  }
}
