import { spawnSync } from "node:child_process";

/** Whether a process runs; one that has ended and that nobody waited for (a zombie) does not. */
export function alive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}
