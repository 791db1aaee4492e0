import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type BaseName, baseImage } from "./base.ts";
import { bootHost, type LabHost } from "./host.ts";
import { withLock } from "./lock.ts";
import { cacheFolder } from "./paths.ts";
import { readRecords } from "./registry.ts";

export type Layer<T> = { base: BaseName; folder: string; data: T };

/**
 * A disk to boot several hosts from: what `prepare` did to a host, saved once. `key` names everything that the
 * outcome depends on (a hash of the program that did it, say): the same name, base and key give the saved disk, in
 * any process, a new key replaces it. What `prepare` returns is kept beside the disk as JSON.
 * Each host from a layer has its own name, address and SSH host keys, so nothing in it may depend on them.
 */
export async function savedLayer<T>(
  want: { name: string; base: BaseName; key: string },
  prepare: (host: LabHost) => Promise<T>,
): Promise<Layer<T>> {
  const image = await baseImage(want.base);
  const hash = createHash("sha256").update(`${image}\n${want.key}`).digest("hex").slice(0, 12);
  const layers = join(cacheFolder, "layers");
  const stem = `${want.name}-${want.base}-`;
  const place = join(layers, stem + hash);
  const saved = (): Layer<T> => {
    utimesSync(place, new Date(), new Date());
    const data = JSON.parse(readFileSync(join(place, "data.json"), "utf8")) as T;
    return { base: want.base, folder: join(place, "disk"), data };
  };
  if (existsSync(place)) return saved();
  return await withLock(join(layers, `${stem}lock`), async () => {
    if (existsSync(place)) return saved();
    const host = await bootHost({ base: want.base, name: want.name });
    try {
      const data = await prepare(host);
      await host.shutdown();
      const building = `${place}.building`;
      rmSync(building, { recursive: true, force: true });
      mkdirSync(building, { recursive: true });
      await host.saveDisk(join(building, "disk"));
      writeFileSync(join(building, "data.json"), JSON.stringify(data ?? null));
      dropUnused(layers, stem);
      renameSync(building, place);
    } finally {
      await host.stop();
    }
    return saved();
  });
}

const twoHours = 2 * 60 * 60 * 1000;

/** Removes older layers of this name that nobody took for two hours, except those that a host stands on. */
function dropUnused(layers: string, stem: string): void {
  const used = new Set(readRecords().flatMap((record) => record.lowers));
  for (const name of readdirSync(layers)) {
    const folder = join(layers, name);
    if (!name.startsWith(stem) || !/-[0-9a-f]{12}$/.test(name) || used.has(join(folder, "disk"))) continue;
    if (Date.now() - statSync(folder).mtimeMs > twoHours) rmSync(folder, { recursive: true, force: true });
  }
}
