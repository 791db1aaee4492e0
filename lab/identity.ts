import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "./exec.ts";
import { writeInside } from "./inside.ts";
import { machineFiles } from "./machine.ts";

export type Identity = {
  privateKeyFile: string;
  publicKey: string;
  hostKeys: string[];
  knownHostsFile: string;
};

const hostKeyTypes = ["ed25519", "ecdsa"] as const;

/** Gives a mounted disk this machine's way to registries, a name, fresh SSH host keys and a key that root may log in with. */
export async function writeIdentity(
  root: string,
  folder: string,
  host: { name: string; address: string },
): Promise<void> {
  const write = (path: string, text: string, mode?: number) => writeInside(root, path, text, mode);
  for (const [path, text] of Object.entries(machineFiles())) write(path, text);
  write("/etc/hostname", `${host.name}\n`);
  // sudo looks its own host's name up before it does anything.
  write("/etc/hosts", `127.0.0.1 localhost\n127.0.1.1 ${host.name}\n::1 localhost ip6-localhost\n`);
  write("/etc/machine-id", `${randomBytes(16).toString("hex")}\n`, 0o444);

  const key = identityFiles(folder).privateKeyFile;
  await newKey("ed25519", key, `root@${host.name}`);
  mkdirSync(join(root, "root/.ssh"), { recursive: true, mode: 0o700 });
  write("/root/.ssh/authorized_keys", readFileSync(`${key}.pub`, "utf8"), 0o600);

  const lines: string[] = [];
  for (const type of hostKeyTypes) {
    const file = join(root, `etc/ssh/ssh_host_${type}_key`);
    await newKey(type, file, `root@${host.name}`);
    const [algorithm, blob] = readFileSync(`${file}.pub`, "utf8").split(" ");
    lines.push(`${host.address} ${algorithm} ${blob}`);
  }
  writeFileSync(identityFiles(folder).knownHostsFile, `${lines.join("\n")}\n`);
}

export function readIdentity(folder: string): Identity {
  const files = identityFiles(folder);
  const hostKeys = readFileSync(files.knownHostsFile, "utf8").trim().split("\n");
  const publicKey = readFileSync(`${files.privateKeyFile}.pub`, "utf8").trim();
  return { ...files, publicKey, hostKeys };
}

const identityFiles = (folder: string) => ({
  privateKeyFile: join(folder, "id_ed25519"),
  knownHostsFile: join(folder, "known_hosts"),
});

async function newKey(type: string, file: string, comment: string): Promise<void> {
  for (const old of [file, `${file}.pub`]) rmSync(old, { force: true });
  await must("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", comment, "-f", file]);
}
