import { rmSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { atExit } from "../at-exit.ts";
import type { ShippedFile } from "../types.ts";

/** Writes files into a temporary folder for as long as the work with it takes. */
export async function withCheckout<T>(
  files: ShippedFile[],
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "djdeploy-checkout-")));
  const release = atExit(() => rmSync(folder, { recursive: true, force: true }));
  try {
    for (const parent of new Set(files.map(({ path }) => dirname(path))))
      await mkdir(join(folder, parent), { recursive: true });
    // Links last: nothing is written through one.
    const queue = files.filter(({ type }) => type === "file").values();
    const lane = async () => {
      for (const file of queue)
        await writeFile(join(folder, file.path), await file.read(), {
          mode: file.executable ? 0o755 : 0o644,
        });
    };
    await Promise.all(Array.from({ length: 16 }, lane));
    for (const { path, target } of files) if (target !== undefined) await symlink(target, join(folder, path));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    release();
  }
}
