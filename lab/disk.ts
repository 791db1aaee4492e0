import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { must, run } from "./exec.ts";

/** The folders of one host's disk; `root` is where the layers are seen as one. */
export const rootOf = (folder: string) => join(folder, "root");
export const upperOf = (folder: string) => join(folder, "upper");

/** Mounts a host's disk: what it writes goes to its own upper folder, `lowers` (topmost first) stay as they are. */
export async function mountDisk(folder: string, lowers: string[]): Promise<void> {
  const [root, upper, work] = [rootOf(folder), upperOf(folder), join(folder, "work")];
  for (const path of [root, upper, work]) mkdirSync(path, { recursive: true });
  // volatile: a host never outlives this machine, so its fsync need not reach the machine's disk.
  const options = `lowerdir=${lowers.join(":")},upperdir=${upper},workdir=${work},volatile`;
  await must("mount", ["-t", "overlay", "overlay", "-o", options, root]);
}

export async function unmountDisk(folder: string): Promise<void> {
  const root = rootOf(folder);
  if ((await run("mountpoint", ["-q", root])).code !== 0) return;
  // Anything that a test mounted on top of the disk goes first; what is still busy leaves with its last user.
  const plain = await run("umount", ["--recursive", root]);
  if (plain.code !== 0) await must("umount", ["--recursive", "--lazy", root]);
}

export async function removeDisk(folder: string): Promise<void> {
  await unmountDisk(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
