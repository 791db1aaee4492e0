import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import { connect } from "../../../src/ssh/connect.ts";
import { rememberHostKey } from "../../../src/ssh/known-hosts.ts";
import { scanHostKeys } from "../../../src/ssh/scan.ts";
import { readSshConfig } from "../../../src/ssh/ssh-config.ts";
import { type ResolveOptions, resolveTargets } from "../../../src/ssh/target.ts";
import { clientKey, folder, server, targetOf } from "./setup.ts";

let home: string;
beforeEach(() => {
  home = folder();
});

type Given = Pick<Config, "hosts" | "server" | "knownHosts" | "proxyJump" | "app" | "environment">;
const config = (more: Partial<Given> & { host?: Partial<Config["hosts"][0]> } = {}): Given => ({
  hosts: [{ name: "web1", host: "web1", user: null, port: null, roles: ["web"], ...more.host }],
  server: { user: "counter", deployer: "counter_deploy" } as Config["server"],
  knownHosts: null,
  proxyJump: null,
  app: "counter",
  environment: "production",
  ...more,
});
const resolve = async (given: Given, options: Partial<ResolveOptions> = {}) =>
  (await resolveTargets(given, { face: "cli", sshConfig: "none", agent: null, home, ...options }))[0]!;

function file(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function keygen(name: string, ...args: string[]): string {
  const path = join(home, name);
  execFileSync("ssh-keygen", ["-q", "-N", "", "-f", path, ...args]);
  return path;
}

function startAgent(): string {
  const output = execFileSync("ssh-agent", ["-s", "-a", join(home, "agent.sock")], { encoding: "utf8" });
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(output)![1]);
  onTestFinished(() => void process.kill(pid));
  return join(home, "agent.sock");
}

function addKey(agent: string, path: string): void {
  execFileSync("ssh-add", ["-q", path], { env: { ...process.env, SSH_AUTH_SOCK: agent }, stdio: "pipe" });
}

test("a known_hosts file that is too large is an error: its revoked keys would count no more", async () => {
  mkdirSync(join(home, ".ssh"));
  const known = file(".ssh/known_hosts", `@revoked web1 ${clientKey.public}\n`);
  file(".ssh/id_ed25519", clientKey.private);
  expect((await resolve(config())).pins).toHaveLength(1);
  truncateSync(known, 23_000_000);
  await expect(resolve(config())).rejects.toMatchObject({ code: "ssh.known-hosts", exitCode: 2 });
});

test("the key that setup made is tried before the usual files, and not for another user", async () => {
  mkdirSync(join(home, ".ssh"));
  const own = keygen(".ssh/djdeploy-counter-production");
  const usual = keygen(".ssh/id_ed25519");
  const sources = async (user: string | null) =>
    (await resolve(config(), { user })).keys.map((key) => key.source);
  expect(await sources(null)).toEqual([own, usual]);
  expect(await sources("root")).toEqual([usual]);
});

describe("what wins", () => {
  const sshConfig = () =>
    file(
      "config",
      "Host web1\n HostName 10.99.1.2\n User ann\n Port 2222\n HostKeyAlias cluster\n ConnectTimeout 7\n ProxyJump bob@bastion\nHost bastion\n HostName 10.99.2.2\n Port 2200\n",
    );

  test("without ssh_config: the user that deploys and port 22", async () => {
    expect(await resolve(config())).toMatchObject({
      host: "web1",
      user: "counter_deploy",
      port: 22,
      jump: null,
    });
  });

  test("ssh_config fills in what djdeploy.yml leaves open", async () => {
    expect(await resolve(config(), { sshConfig: sshConfig() })).toMatchObject({
      name: "web1",
      host: "10.99.1.2",
      user: "ann",
      port: 2222,
      hostKeyAlias: "cluster",
      connectTimeoutMs: 7000,
      jump: { name: "bastion", host: "10.99.2.2", user: "bob", port: 2200 },
    });
  });

  test("djdeploy.yml wins over ssh_config, --user over both", async () => {
    const given = config({ host: { user: "carol", port: 2022 }, proxyJump: "dave@gate:2201" });
    expect(await resolve(given, { sshConfig: sshConfig() })).toMatchObject({
      host: "10.99.1.2",
      user: "carol",
      port: 2022,
      jump: { host: "gate", user: "dave", port: 2201 },
    });
    const target = await resolve(given, { sshConfig: sshConfig(), user: "root" });
    expect(target).toMatchObject({ user: "root", jump: { user: "dave" } });
  });

  test("the action reads its inputs only", async () => {
    file("id_ed25519", clientKey.private);
    const target = await resolve(config({ knownHosts: [`SHA256:${"a".repeat(43)}`] }), {
      face: "action",
      sshConfig: sshConfig(),
      agent: "/tmp/agent.sock",
      privateKey: clientKey.private,
      knownHosts: `SHA256:${"b".repeat(43)}`,
    });
    expect(target).toMatchObject({
      host: "web1",
      agent: null,
      keys: [{ source: "the ssh-private-key input" }],
    });
    expect(target.pins.map((pin) => pin.source)).toEqual([
      "the known-hosts input",
      "known-hosts: of djdeploy.yml",
    ]);
    await expect(resolve(config(), { face: "action", privateKey: " " })).rejects.toMatchObject({
      code: "ssh.no-key",
      exitCode: 2,
    });
    await expect(resolve(config(), { face: "action", privateKey: clientKey.public })).rejects.toMatchObject({
      code: "ssh.key-public",
    });
  });

  test("a program of its Match that waits is told as that, and not as a mistake in the file", async () => {
    const waits = file("waits", 'Match exec "sleep 20"\n User alice\n');
    await expect(readSshConfig(waits, "web1", home, 300)).rejects.toMatchObject({
      code: "ssh.config",
      message: "ssh -G web1 did not end within 0.3 s",
      details: { hint: expect.stringContaining("Match exec") },
    });
  });

  test("what can not be done yet, or not at all, is said", async () => {
    const two = file("two", "Host web1\n ProxyJump one,two\n");
    await expect(resolve(config(), { sshConfig: two })).rejects.toMatchObject({
      code: "ssh.not-yet-supported",
    });
    const nested = file("nested", "Host web1\n ProxyJump one\nHost one\n ProxyJump two\n");
    await expect(resolve(config(), { sshConfig: nested })).rejects.toMatchObject({
      code: "ssh.not-yet-supported",
    });
    const command = file("command", "Host web1\n ProxyCommand nc %h %p\n");
    await expect(resolve(config(), { sshConfig: command })).rejects.toMatchObject({
      code: "ssh.not-yet-supported",
    });
    const wrong = file("wrong", "Host web1\n Nonsense yes\n");
    await expect(resolve(config(), { sshConfig: wrong })).rejects.toMatchObject({
      code: "ssh.config",
      exitCode: 2,
      details: { seen: expect.stringContaining("Bad configuration option: nonsense") },
    });
    await expect(resolve(config({ knownHosts: ["MD5:aa:bb"] }))).rejects.toMatchObject({
      code: "ssh.bad-pin",
      exitCode: 2,
    });
    await expect(resolve(config(), { identity: join(home, "missing") })).rejects.toMatchObject({
      code: "ssh.key-not-found",
      exitCode: 2,
    });
  });
});

describe("keys made by ssh-keygen log in", () => {
  test.each([
    ["ed25519", ["-t", "ed25519"]],
    ["ecdsa 384", ["-t", "ecdsa", "-b", "384"]],
    ["ecdsa 521", ["-t", "ecdsa", "-b", "521"]],
    ["rsa", ["-t", "rsa", "-b", "3072"]],
    ["rsa as PEM", ["-t", "rsa", "-b", "2048", "-m", "PEM"]],
    ["rsa as PKCS#8", ["-t", "rsa", "-b", "2048", "-m", "PKCS8"]],
    ["ecdsa as PEM", ["-t", "ecdsa", "-m", "PEM"]],
  ])("%s", async (_, args) => {
    const identity = keygen("key", ...args);
    const host = await server({ authorizedKeys: [readFileSync(`${identity}.pub`, "utf8")] });
    const target = await resolve(config(), { identity });
    const connection = await connect({ ...targetOf(host), keys: target.keys });
    await connection.close();
  });

  test.each([
    ["OpenSSH", []],
    ["PEM", ["-m", "PEM"]],
    ["PKCS#8", ["-m", "PKCS8"]],
  ])("with a passphrase: %s", async (_, args) => {
    const identity = join(home, "key");
    execFileSync("ssh-keygen", [
      "-q",
      "-t",
      "rsa",
      "-b",
      "2048",
      "-N",
      "sesame open",
      "-f",
      identity,
      ...args,
    ]);
    expect((await resolve(config(), { identity, passphrase: "sesame open" })).keys).toHaveLength(1);
    await expect(resolve(config(), { identity })).rejects.toMatchObject({ code: "ssh.key-passphrase" });
    await expect(resolve(config(), { identity, passphrase: "no" })).rejects.toMatchObject({
      code: "ssh.key-wrong-passphrase",
    });
  });
});

describe("the agent", () => {
  test("logs in with each of its keys, and only those that are named", async () => {
    const [one, two] = [keygen("one", "-t", "rsa", "-b", "2048"), keygen("two", "-t", "ed25519")];
    const agent = startAgent();
    addKey(agent, one);
    addKey(agent, two);
    for (const path of [one, two]) {
      const host = await server({ authorizedKeys: [readFileSync(`${path}.pub`, "utf8")] });
      const connection = await connect(targetOf(host, { keys: [], agent }));
      await connection.close();
    }
    const host = await server({ authorizedKeys: [readFileSync(`${two}.pub`, "utf8")] });
    const target = await resolve(config(), { identity: `${two}.pub`, agent });
    const connection = await connect({ ...target, ...targetOf(host), keys: target.keys, agent });
    await connection.close();
    expect(host.logins).toEqual(["publickey", "publickey"]);
  });

  test("stands in for a protected key file", async () => {
    const locked = join(home, "locked");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", locked]);
    const agent = startAgent();
    addKey(agent, locked);
    execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "sesame", "-f", locked]);
    const host = await server({ authorizedKeys: [readFileSync(`${locked}.pub`, "utf8")] });
    const target = await resolve(config(), { identity: locked, agent });
    const connection = await connect({ ...targetOf(host), keys: target.keys, agent, identitiesOnly: true });
    await connection.close();
  });

  test("that is not there is no obstacle for another key, and named when there is none", async () => {
    const host = await server();
    const agent = join(home, "no-agent.sock");
    const connection = await connect(targetOf(host, { agent }));
    await connection.close();
    await expect(connect(targetOf(host, { agent, keys: [] }))).rejects.toMatchObject({
      code: "ssh.no-key",
      details: { hint: expect.stringContaining("does not answer") },
    });
  });
});

describe("known_hosts", () => {
  test("scanned lines pin the server, hashed by ssh-keygen or not", async () => {
    const hostKeys = ["ed25519", "ecdsa", "rsa"].map((type) =>
      readFileSync(keygen(type, "-t", type), "utf8"),
    );
    const host = await server({ hostKeys });
    const keys = await scanHostKeys(host.host, host.port);
    expect(keys.map((key) => key.line)).toEqual(host.knownHosts);
    const listed = execFileSync("ssh-keygen", ["-lf", join(home, "rsa.pub")], { encoding: "utf8" });
    expect(listed).toContain(keys.find((key) => key.type === "ssh-rsa")!.fingerprint);

    const path = join(home, ".ssh", "known_hosts");
    for (const key of keys) await rememberHostKey(path, key.line);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const given = config({ host: { host: host.host, port: host.port } });
    const check = async () => {
      const { pins } = await resolve(given);
      const connection = await connect(targetOf(host, { pins }));
      await connection.close();
    };
    await check();
    execFileSync("ssh-keygen", ["-q", "-H", "-f", path], { stdio: "pipe" });
    expect(readFileSync(path, "utf8")).not.toContain("127.0.0.1");
    await check();
  });

  test("a file without a line end at its end is not damaged", async () => {
    const path = file("known_hosts", "web2 ssh-ed25519 AAAA");
    await rememberHostKey(path, "web1 ssh-ed25519 BBBB");
    expect(readFileSync(path, "utf8")).toBe("web2 ssh-ed25519 AAAA\nweb1 ssh-ed25519 BBBB\n");
  });

  test("a server that can not be scanned says why", async () => {
    const host = await server({ faults: { greeting: "220 mail ready\r\n" } });
    await expect(scanHostKeys(host.host, host.port)).rejects.toMatchObject({ code: "ssh.not-ssh" });
    host.faults.closeEarly = true;
    await expect(scanHostKeys(host.host, host.port)).rejects.toMatchObject({ code: "ssh.closed-early" });
    await host.stop();
    await expect(scanHostKeys(host.host, host.port)).rejects.toMatchObject({ code: "ssh.refused" });
  });
});
