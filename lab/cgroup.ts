import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
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
