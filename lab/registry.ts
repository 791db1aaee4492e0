import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BaseName } from "./base.ts";
import { withLock } from "./lock.ts";
import { cacheFolder, stateFolder } from "./paths.ts";
import { isAlive, type ProcessId, processId } from "./processes.ts";

/** What is known about a host to every process of this machine. */
export type HostRecord = {
  number: number;
  name: string;
  base: BaseName;
  /** The layers below its disk, topmost first. */
  lowers: string[];
  folder: string;
  /** The process whose end makes the host stale; null keeps it until `down`. */
  owner: ProcessId | null;
  /** The loop around systemd-nspawn, while the host is up. */
  keeper: ProcessId | null;
};

const recordsFolder = join(stateFolder, "hosts");
const fileOf = (number: number) => join(recordsFolder, `${number}.json`);

export function readRecords(): HostRecord[] {
  if (!existsSync(recordsFolder)) return [];
  return readdirSync(recordsFolder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(recordsFolder, name), "utf8")) as HostRecord)
    .sort((one, other) => one.number - other.number);
}

export function writeRecord(record: HostRecord): void {
  const file = fileOf(record.number);
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

export function dropRecord(number: number): void {
  rmSync(fileOf(number), { force: true });
}

/** Takes a free number between 2 and 250, after `destroy` has removed the hosts whose owners are dead. */
export async function claimRecord(
  wanted: Pick<HostRecord, "base" | "lowers"> & { name: string | undefined; owner: number | "nobody" },
  destroy: (stale: HostRecord) => Promise<void>,
): Promise<HostRecord> {
  mkdirSync(recordsFolder, { recursive: true });
  return await withLock(join(stateFolder, "lock"), async () => {
    await reapRecords(destroy);
    const taken = new Set(readRecords().map((record) => record.number));
    let number = 2;
    while (taken.has(number)) number++;
    if (number > 250) throw new Error("250 hosts are up: stop some (npm run lab -- list)");
    const record: HostRecord = {
      number,
      name: wanted.name ?? `host-${number}`,
      base: wanted.base,
      lowers: wanted.lowers,
      folder: join(cacheFolder, "hosts", String(number)),
      owner:
        wanted.owner === "nobody" ? null : { pid: wanted.owner, start: processId(wanted.owner)?.start ?? "" },
      keeper: null,
    };
    writeRecord(record);
    return record;
  });
}

/** Removes the hosts that a killed test run left. Call it with the lock held. */
async function reapRecords(destroy: (stale: HostRecord) => Promise<void>): Promise<void> {
  for (const record of readRecords()) {
    if (record.owner !== null && !isAlive(record.owner)) await destroy(record);
  }
}

/** The same, as a command of its own. */
export async function reap(destroy: (stale: HostRecord) => Promise<void>): Promise<void> {
  await withLock(join(stateFolder, "lock"), () => reapRecords(destroy));
}
