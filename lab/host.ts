import { readFileSync, renameSync } from "node:fs";
import { connect } from "node:net";
import { type BaseName, baseImage } from "./base.ts";
import { consoleTail, killInit, processesOf, startInit, stopInit } from "./boot.ts";
import { removeCgroup } from "./cgroup.ts";
import { mountDisk, removeDisk, rootOf, unmountDisk, upperOf } from "./disk.ts";
import { must, type Outcome, run } from "./exec.ts";
import { readIdentity, writeIdentity } from "./identity.ts";
import { addressOf, connectNetwork, removeNetwork, setCable, setFirewall } from "./network.ts";
import { claimRecord, dropRecord, type HostRecord, readRecords, writeRecord } from "./registry.ts";
import { waitFor } from "./wait.ts";

export type BootOptions = {
  base?: BaseName;
  /** A saved disk to start from instead of the bare image; see layer.ts. */
  layer?: { base: BaseName; folder: string };
  /** The host's own name; need not be unique. */
  name?: string;
  /** The process whose end makes the host stale. Default: this one; "nobody" keeps it until it is taken down. */
  owner?: number | "nobody";
  say?: (line: string) => void;
};

/** A booted Debian host. All of it is gone after `stop`, or once the process that booted it is dead. */
export type LabHost = {
  name: string;
  address: string;
  port: 22;
  /** Logs in as root; an OpenSSH private key. */
  privateKey: string;
  privateKeyFile: string;
  publicKey: string;
  /** Lines for known_hosts, one for each key type. */
  hostKeys: string[];
  knownHostsFile: string;
  /** Runs a POSIX shell text as root, not over SSH: it works with the cable pulled and with sshd stopped. */
  root(command: string, options?: { input?: string; timeoutMs?: number }): Promise<Outcome>;
  /** An orderly reboot, until SSH answers again. */
  reboot(): Promise<void>;
  /** Every process dies at once, nothing is said to anybody. The disk stays; `start` boots it again. */
  crash(): Promise<void>;
  /** An orderly shutdown; `start` boots it again. */
  shutdown(): Promise<void>;
  start(): Promise<void>;
  /** Pulls the network cable, or puts it back. */
  cable(state: "up" | "down"): Promise<void>;
  /** A firewall before the host lets nothing through to a TCP port, or lets it through again. */
  firewall(port: number, state: "open" | "closed"): Promise<void>;
  /** Moves what a shut down host has written to its disk to a new folder; the host can not start again. */
  saveDisk(folder: string): Promise<void>;
  /** Ends the host and removes its disk and network. May be called twice, and after a crash. */
  stop(): Promise<void>;
};

/** Boots a host and returns when root can log in over SSH, about 1.5 s after its base image is there. */
export async function bootHost(options: BootOptions = {}): Promise<LabHost> {
  const base = options.layer?.base ?? options.base ?? "bookworm";
  const image = await baseImage(base, options.say);
  const lowers = options.layer ? [options.layer.folder, image] : [image];
  const record = await claimRecord(
    { base, lowers, name: options.name, owner: options.owner ?? process.pid },
    destroyHost,
  );
  try {
    await mountDisk(record.folder, lowers);
    await connectNetwork(record.number);
    await writeIdentity(rootOf(record.folder), record.folder, {
      name: record.name,
      address: addressOf(record.number),
    });
    const host = attachHost(record);
    await host.start();
    return host;
  } catch (error) {
    await destroyHost(record);
    throw error;
  }
}

/** Removes all that belongs to a host, from whatever state it is in. */
export async function destroyHost(record: HostRecord): Promise<void> {
  await killInit(record);
  await removeDisk(record.folder);
  await removeNetwork(record.number);
  removeCgroup(record.number);
  dropRecord(record.number);
}

/** The handle of a host that is there already. */
export function attachHost(record: HostRecord): LabHost {
  const address = addressOf(record.number);
  const { privateKeyFile, publicKey, hostKeys, knownHostsFile } = readIdentity(record.folder);
  const init = () => processesOf(record).init;
  let stopped = false;

  const ready = async () => {
    const login = sshArguments({ address, privateKeyFile, knownHostsFile });
    try {
      await waitFor(() => answers(address), { timeoutMs: 60_000, what: "port 22 to answer", everyMs: 20 });
      await waitFor(() => must("ssh", [...login, "echo ready"]), {
        timeoutMs: 30_000,
        what: "an SSH login",
      });
    } catch (error) {
      throw new Error(
        `host ${record.name} (${address}): ${(error as Error).message}\n${consoleTail(record)}`,
      );
    }
  };

  return {
    name: record.name,
    address,
    port: 22,
    privateKey: readFileSync(privateKeyFile, "utf8"),
    ...{ privateKeyFile, publicKey, hostKeys, knownHostsFile },
    async root(command, { input, timeoutMs = 300_000 } = {}) {
      const leader = init();
      if (!leader) throw new Error(`host ${record.name} is down, it can not run: ${command.slice(0, 80)}`);
      const enter = `--target ${leader.pid} --mount --uts --ipc --net --pid --cgroup --root`;
      const shell = ["env", "-i", "-C", "/root", ...rootEnvironment, "/bin/sh", "-c", command];
      return await run("nsenter", [...enter.split(" "), "--", ...shell], { input, timeoutMs });
    },
    async reboot() {
      const before = init();
      await this.root("systemctl reboot");
      await waitFor(
        () => {
          const now = init();
          return now && now.start !== before?.start;
        },
        { timeoutMs: 120_000, what: `the reboot of ${record.name}`, everyMs: 20 },
      );
      await ready();
    },
    async crash() {
      await killInit(record);
    },
    async shutdown() {
      await stopInit(record);
    },
    async start() {
      if (init()) throw new Error(`host ${record.name} is up already`);
      record.keeper = startInit(record);
      writeRecord(record);
      await ready();
    },
    firewall: (port, state) => setFirewall(record.number, port, state),
    async cable(state) {
      await setCable(record.number, state);
    },
    async saveDisk(folder) {
      if (init()) throw new Error(`host ${record.name} is up: shut it down before its disk is saved`);
      await unmountDisk(record.folder);
      renameSync(upperOf(record.folder), folder);
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await destroyHost(record);
    },
  };
}

/** Hosts that are up, of this and of other processes. */
export const listHosts = readRecords;

const rootEnvironment = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  ...["HOME=/root", "USER=root", "LOGNAME=root", "LANG=C.UTF-8"],
];

/** What ssh(1) needs to log in as root. */
export function sshArguments(host: Pick<LabHost, "address" | "privateKeyFile" | "knownHostsFile">): string[] {
  const options = [
    ...["IdentitiesOnly=yes", "BatchMode=yes", "ConnectTimeout=5", "StrictHostKeyChecking=yes"],
    ...[`UserKnownHostsFile=${host.knownHostsFile}`, "GlobalKnownHostsFile=/dev/null", "LogLevel=ERROR"],
  ];
  return [
    ...["-F", "none", "-i", host.privateKeyFile],
    ...options.flatMap((option) => ["-o", option]),
    `root@${host.address}`,
  ];
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 1000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
    socket.once("close", () => end(false));
  });
}
