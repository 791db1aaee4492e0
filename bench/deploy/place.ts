import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DelayedLine, startDelay, type Traffic } from "../../lab/delay.ts";
import { run } from "../../lab/exec.ts";
import { bootHost, type LabHost } from "../../lab/host.ts";
import type { Layer } from "../../lab/layer.ts";
import { startLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";

/** A host that one contestant deploys to, and the line that leads there. */
export interface Place {
  host: LabHost;
  /** Between the deploying machine and the host's sshd. */
  line: DelayedLine;
  /** For what a contestant writes for itself. */
  folder: string;
  /** A file in ssh_config's format: `web1` is the host, over the line, with the deploy key. */
  sshConfig: string;
  keyFile: string;
  /** Runs a program of the contestant to its end as a user would; throws what it said when it fails. */
  run(file: string, args: string[], options?: { cwd?: string; env?: NodeJS.ProcessEnv }): Promise<string>;
  /** Shell text as root on the host, outside of what is measured. */
  root(command: string, input?: string): Promise<string>;
  stop(): Promise<void>;
}

/** The disk of a host that is ready to be deployed to, and the key of its user `shop`. */
export type ReadyLayer = Layer<{ key: string }>;

export async function bootPlace(layer: ReadyLayer, name = "web1"): Promise<Place> {
  const host = await bootHost({ layer, name });
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-bench-"));
  const line = await startDelay({ host: host.address, port: host.port, delayMs: 0 });
  const keyFile = join(folder, "deploy-key");
  const sshConfig = join(folder, "ssh_config");
  const home = join(folder, "home");
  mkdirSync(join(home, ".ssh"), { recursive: true, mode: 0o700 });
  writeFileSync(keyFile, layer.data.key, { mode: 0o600 });
  writeFileSync(`${keyFile}.pub`, execFileSync("ssh-keygen", ["-y", "-f", keyFile]));
  writeFileSync(sshConfig, sshConfigOf({ host, keyFile }, name, { address: "127.0.0.1", port: line.port }));
  const environment = { PATH: process.env["PATH"], HOME: home, LANG: "C.UTF-8" };
  return {
    ...{ host, line, folder, sshConfig, keyFile },
    async run(file, args, { cwd, env } = {}) {
      const done = await run(file, args, { cwd, env: { ...environment, ...env }, timeoutMs: 180_000 });
      if (done.code === 0) return done.stdout;
      throw new Error(`${file} ${args.join(" ")}: ${done.code}\n${done.stdout}${done.stderr}`);
    },
    async root(command, input) {
      const done = await host.root(command, { input: input ?? "" });
      if (done.code === 0) return done.stdout.trimEnd();
      throw new Error(`${command}: ${done.code}\n${done.stdout}${done.stderr}`);
    },
    async stop() {
      await line.close();
      await host.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A block of ssh_config that leads to a host as its user `shop`, straight or over a line to it. */
export function sshConfigOf(
  { host, keyFile }: Pick<Place, "host" | "keyFile">,
  name: string,
  over: { address: string; port: number } = { address: host.address, port: host.port },
): string {
  return `Host ${name}
  HostName ${over.address}
  Port ${over.port}
  User shop
  HostKeyAlias ${host.address}
  UserKnownHostsFile ${host.knownHostsFile}
  GlobalKnownHostsFile /dev/null
  IdentityFile ${keyFile}
  IdentitiesOnly yes
  IdentityAgent none
`;
}

/** A new key for the user `shop` of a layer. */
export function newKey(type: "ed25519" | "ecdsa"): { key: string; public: string; file: string } {
  const file = join(mkdtempSync(join(tmpdir(), "djdeploy-bench-key-")), "key");
  // Ruby's SSH reads no ECDSA key in OpenSSH's own format.
  const format = type === "ecdsa" ? ["-m", "PEM"] : [];
  execFileSync("ssh-keygen", ["-q", "-t", type, ...format, "-N", "", "-C", "bench", "-f", file]);
  return {
    key: execFileSync("cat", [file], { encoding: "utf8" }),
    public: execFileSync("cat", [`${file}.pub`], { encoding: "utf8" }),
    file,
  };
}

export const site = { host: "shop.example.com", "x-forwarded-proto": "https" };

/** Waits until the front door of a host says a line: what was deployed is what visitors get. */
export async function awaitLine(host: LabHost, line: string): Promise<void> {
  let seen = "";
  const once = async () => {
    const load = startLoad({
      url: `http://${host.address}/`,
      headers: site,
      clients: 1,
      maxSeconds: 0,
      check: ({ body }) => {
        seen = body;
        return body.includes(line) || "another page";
      },
    });
    return (await load.stop()).ok > 0;
  };
  await waitFor(once, { timeoutMs: 20_000, what: `${host.name} to say "${line}"; it says: ${seen}` });
}

export function difference(before: Traffic[], after: Traffic[]): Traffic {
  const sum = (of: (traffic: Traffic) => number) =>
    after.reduce((all, traffic) => all + of(traffic), 0) - before.reduce((all, one) => all + of(one), 0);
  return {
    sent: sum((one) => one.sent),
    received: sum((one) => one.received),
    connections: sum((one) => one.connections),
  };
}
