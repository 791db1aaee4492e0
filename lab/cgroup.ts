import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ProcessId, processId } from "./processes.ts";

/**
 * The control group of a host. Each needs its own: systemd-nspawn puts the payload beside itself, and two inits in
 * one group would stop each other's services.
 */
export function cgroupOf(number: number): string {
  const hybrid = "/sys/fs/cgroup/unified";
  return join(existsSync(hybrid) ? hybrid : "/sys/fs/cgroup", `djlab-${number}`);
}

export function makeCgroup(number: number): string {
  const folder = cgroupOf(number);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Stops every process of the host where it is, or lets all of them go on. False where the kernel cannot. */
export function freeze(number: number, on: boolean): boolean {
  const file = join(cgroupOf(number), "cgroup.freeze");
  if (!existsSync(file)) return false;
  writeFileSync(file, on ? "1" : "0");
  return true;
}

export function isFrozen(number: number): boolean {
  return readFileSync(join(cgroupOf(number), "cgroup.events"), "utf8").includes("frozen 1");
}

/** Every process in the host's group, whoever started it. */
export function processesIn(number: number): ProcessId[] {
  return foldersBelow(cgroupOf(number))
    .flatMap((folder) => readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n"))
    .map((pid) => processId(Number(pid)))
    .filter((id) => id !== undefined && id.pid > 1) as ProcessId[];
}

/** Removes the empty group; a group that is still busy stays, harmless, and is used again. */
export function removeCgroup(number: number): void {
  // systemd-nspawn makes the same folders in the named hierarchy of a hybrid layout.
  for (const top of [cgroupOf(number), `/sys/fs/cgroup/systemd/djlab-${number}`])
    for (const folder of foldersBelow(top).reverse()) {
      try {
        rmdirSync(folder);
      } catch {}
    }
}

function foldersBelow(top: string): string[] {
  if (!existsSync(top)) return [];
  const below = readdirSync(top, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [top, ...below.flatMap((entry) => foldersBelow(join(top, entry.name)))];
}

/** The process of a host whose command line has these words, by its pid on this machine; 0 = there is none. */
export function processOf(number: number, words: string): number {
  const line = (pid: number) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    } catch {
      return "";
    }
  };
  return processesIn(number).find(({ pid }) => line(pid).includes(words))?.pid ?? 0;
}

/**
 * Puts a process, by its pid on this machine, and what it starts under a limit of memory, which a host can not do itself.
 * Answers what removes the empty group.
 */
export function limitMemory(pid: number, bytes: number): () => void {
  const top = existsSync("/sys/fs/cgroup/memory") ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
  const one = top === "/sys/fs/cgroup"; // a single hierarchy
  if (one) writeFileSync(join(top, "cgroup.subtree_control"), "+memory");
  const folder = join(top, `djlab-memory-${pid}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, one ? "memory.max" : "memory.limit_in_bytes"), String(bytes));
  if (existsSync(join(folder, "memory.swap.max"))) writeFileSync(join(folder, "memory.swap.max"), "0");
  writeFileSync(join(folder, "cgroup.procs"), String(pid));
  return () => rmdirSync(folder);
}
