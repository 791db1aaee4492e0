import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freeze, isFrozen, makeCgroup, processesIn } from "./cgroup.ts";
import { rootOf } from "./disk.ts";
import { namespaceOf } from "./network.ts";
import { childrenOf, isAlive, type ProcessId, processId, signal, untilGone } from "./processes.ts";
import type { HostRecord } from "./registry.ts";
import { waitFor } from "./wait.ts";

// systemd-nspawn ends with 133 when its host asks for a reboot, and leaves starting it again to its manager.
const keeper = `
while :; do
  sh -c 'echo $$ >"$0/cgroup.procs" && exec systemd-nspawn "$@"' "$@" && exit
  [ $? = 133 ] || exit
done
`;

/** Starts a host's init in the background; gives the loop that keeps it through reboots. */
export function startInit(record: HostRecord): ProcessId {
  const namespace = namespaceOf(record.number);
  const args = [
    ...["--boot", "--directory", rootOf(record.folder), "--machine", namespace],
    ...["--register=no", "--keep-unit", "--resolv-conf=off", "--timezone=off"],
    `--network-namespace-path=/run/netns/${namespace}`,
  ];
  allowWatches();
  const log = openSync(consoleOf(record), "a");
  const child = spawn("sh", ["-c", keeper, "keeper", makeCgroup(record.number), ...args], {
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: process.env.PATH, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" },
  });
  closeSync(log);
  child.unref();
  const id = child.pid === undefined ? undefined : processId(child.pid);
  if (!id) throw new Error(`host ${record.name}: systemd-nspawn did not start`);
  return id;
}

/** All hosts share the kernel's allowance for root; the usual 128 are used up by ten booted systemds. */
function allowWatches(): void {
  const file = "/proc/sys/fs/inotify/max_user_instances";
  try {
    if (Number(readFileSync(file, "utf8")) < 1024) writeFileSync(file, "1024");
  } catch {} // a machine that does not let us boots fewer hosts at once
}

/** The loop, systemd-nspawn and the host's own init, as far as they live. */
export function processesOf(record: HostRecord): {
  keeper?: ProcessId;
  nspawn?: ProcessId;
  init?: ProcessId;
} {
  const keeper = record.keeper;
  if (!keeper || !isAlive(keeper)) return {};
  const nspawn = childrenOf(keeper.pid)[0];
  const init = nspawn && childrenOf(nspawn.pid)[0];
  return { keeper, ...(nspawn && { nspawn }), ...(init && { init }) };
}

/**
 * The end without a warning, as when the power fails: all stand still before the first dies, so that none sees another
 * one dead. The host's init first, or it would live on and share the disk with the next one.
 */
export async function killInit(record: HostRecord): Promise<void> {
  if (freeze(record.number, true)) {
    const frozen = async () => isFrozen(record.number);
    await waitFor(frozen, { timeoutMs: 5_000, what: `${record.name} to stand still`, everyMs: 5 }).catch(
      () => {},
    );
  }
  const { keeper, nspawn, init } = processesOf(record);
  const known = [keeper, init, nspawn].filter((id) => id !== undefined);
  for (const id of known) signal(id, "SIGKILL");
  const left = processesIn(record.number);
  for (const id of left) signal(id, "SIGKILL");
  await untilGone([...known, ...left], 20_000);
  freeze(record.number, false);
}

/** An orderly shutdown: services stop, file systems are left clean. */
export async function stopInit(record: HostRecord): Promise<void> {
  const { keeper, nspawn } = processesOf(record);
  if (!keeper || !nspawn) return;
  signal(nspawn, "SIGTERM");
  await untilGone([keeper, nspawn], 120_000);
}

const consoleOf = (record: HostRecord) => join(record.folder, "console.log");

/** The last lines that the host wrote to its console, for the error of a boot that went wrong. */
export function consoleTail(record: HostRecord): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the console is full of colours
  const text = readFileSync(consoleOf(record), "utf8").replaceAll(/\x1b\[[0-9;]*[A-Za-z]|\r/g, "");
  return text.trim().split("\n").slice(-15).join("\n");
}
