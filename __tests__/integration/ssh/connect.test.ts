import { createServer } from "node:net";
import ssh2 from "ssh2";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { connect } from "../../../src/ssh/connect.ts";
import { fingerprint } from "../../../src/ssh/known-hosts.ts";
import { clientKey, connected, folder, newPair, server, targetOf } from "./setup.ts";

const ed25519 = newPair();
const ecdsa = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
const rsa = ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 });
const strangers = Array.from({ length: 8 }, () => newPair());

const as = (source: string, pair: { private: string }) => ({ source, text: pair.private });
const fingerprintOf = (pair: { public: string }) =>
  fingerprint(Buffer.from(pair.public.split(" ")[1]!, "base64"));
const pin = (text: string) => [{ source: "the known-hosts input", text }];

describe("the login", () => {
  test("with one key is one signed request", async () => {
    const host = await server();
    const connection = await connected(host);
    expect(connection).toMatchObject({ name: "web1", user: "deploy" });
    expect(host.logins).toEqual(["publickey"]);
  });

  test.each([
    ["ed25519", ed25519],
    ["ecdsa", ecdsa],
    ["rsa", rsa],
  ])("works with %s, alone and after another key", async (_, pair) => {
    const host = await server({ authorizedKeys: [pair.public] });
    await connected(host, { keys: [as("a key", pair)] });
    await connected(host, { keys: [as("another", clientKey), as("a key", pair)] });
  });

  test("goes through more keys than one connection may try", async () => {
    const host = await server({ faults: { maxAuthTries: 3 } });
    const keys = [...strangers, clientKey].map((pair, index) => as(`key ${index}`, pair));
    await connected(host, { keys });
    expect(host.connections()).toBe(3);
  });

  test("that fails says who, with which keys, and what the server takes", async () => {
    const host = await server();
    const keys = [as("~/.ssh/id_one", strangers[0]!), as("~/.ssh/id_two", strangers[1]!)];
    const login = connect(targetOf(host, { keys }));
    await expect(login).rejects.toMatchObject({
      code: "ssh.auth-failed",
      exitCode: 5,
      message: expect.stringContaining("deploy"),
      details: { host: "web1", seen: "the server accepts publickey" },
    });
    const { details } = await login.catch((error) => error);
    for (const pair of strangers.slice(0, 2)) expect(details.expected).toContain(fingerprintOf(pair));
    expect(details.expected).toContain("~/.ssh/id_two");
  });

  test("as another user fails the same way", async () => {
    const host = await server();
    await expect(connect(targetOf(host, { user: "root" }))).rejects.toMatchObject({
      code: "ssh.auth-failed",
      message: expect.stringContaining("root"),
    });
  });

  test("without any key says so", async () => {
    const host = await server();
    await expect(connect(targetOf(host, { keys: [] }))).rejects.toMatchObject({
      code: "ssh.no-key",
      exitCode: 2,
    });
  });

  test("skips a key that it can not open, and blames it when no other fits", async () => {
    const locked = newPair("sesame");
    const host = await server();
    await connected(host, { keys: [as("~/.ssh/locked", locked), as("a key", clientKey)] });
    const login = connect(targetOf(host, { keys: [as("~/.ssh/locked", locked), as("a key", ed25519)] }));
    await expect(login).rejects.toMatchObject({
      code: "ssh.key-passphrase",
      exitCode: 2,
      message: expect.stringContaining("~/.ssh/locked"),
    });
  });
});

describe("the host key", () => {
  const hostKeys = [ed25519.private, ecdsa.private, rsa.private];

  test.each([
    ["ssh-ed25519", 0],
    ["ecdsa-sha2-nistp256", 1],
    ["ssh-rsa", 2],
  ])("is asked for in the type that is pinned: %s", async (_, index) => {
    const host = await server({ hostKeys });
    await connected(host, { pins: pin(host.knownHosts[index]!) });
    expect(host.connections()).toBe(1);
  });

  test.each([
    ["ed25519", ed25519],
    ["ecdsa", ecdsa],
    ["rsa", rsa],
  ])("is found by a fingerprint that does not say its type: %s", async (_, pair) => {
    const host = await server({ hostKeys });
    await connected(host, { pins: pin(fingerprintOf(pair).replace("SHA256:", "")) });
  });

  test("that is not pinned ends the run before anything is sent", async () => {
    const host = await server({ hostKeys: [ed25519.private] });
    const other = fingerprintOf(ecdsa);
    await expect(connect(targetOf(host, { pins: pin(other) }))).rejects.toMatchObject({
      code: "ssh.host-key-changed",
      exitCode: 5,
      message: expect.stringMatching(new RegExp(`127.0.0.1 port ${host.port}.*ssh-ed25519`)),
      details: {
        expected: `${other} from the known-hosts input`,
        seen: `${fingerprintOf(ed25519)} (ssh-ed25519)`,
        hint: expect.stringContaining(`djdeploy host-key 127.0.0.1:${host.port}`),
      },
    });
    expect(host.logins).toEqual([]);
  });

  test("without any pin, with pins of other hosts, revoked: each has its own code", async () => {
    const host = await server();
    const line = host.knownHosts[0]!;
    const code = (pins: { source: string; text: string }[]) =>
      connect(targetOf(host, { pins })).then(
        () => "connected",
        (error) => error.code,
      );
    expect(await code([])).toBe("ssh.no-pin");
    expect(await code(pin(line.replace("127.0.0.1", "127.0.0.2")))).toBe("ssh.host-key-unknown");
    expect(await code(pin(`@cert-authority ${line}`))).toBe("ssh.host-key-unknown");
    expect(await code(pin(`${line}\n@revoked ${line}`))).toBe("ssh.host-key-revoked");
    expect(host.logins).toEqual([]);
  });

  test("that is unknown may be asked for; the line that is shown then pins it", async () => {
    const host = await server();
    const ask = vi.fn(async (_: { line: string }) => true);
    await connected(host, { pins: [] }, { ask });
    expect(ask.mock.calls[0]![0]).toMatchObject({ host: "127.0.0.1", port: host.port, type: "ssh-ed25519" });
    await connected(host, { pins: pin(ask.mock.calls[0]![0].line) });
  });

  test("that is unknown and not wanted ends the run; one that has changed is not asked for", async () => {
    const host = await server({ hostKeys: [ed25519.private] });
    const ask = vi.fn(async () => false);
    await expect(connect(targetOf(host, { pins: [] }), { ask })).rejects.toMatchObject({
      code: "ssh.no-pin",
    });
    expect(ask).toHaveBeenCalledOnce();
    await expect(connect(targetOf(host, { pins: pin(fingerprintOf(ecdsa)) }), { ask })).rejects.toMatchObject(
      {
        code: "ssh.host-key-changed",
      },
    );
    expect(ask).toHaveBeenCalledOnce();
  });
});

describe("each way not to get through has its own code", () => {
  const soon = { connectTimeoutMs: 300 };

  test("nobody listens", async () => {
    const host = await server();
    await host.stop();
    await expect(connect(targetOf(host))).rejects.toMatchObject({ code: "ssh.refused", exitCode: 5 });
  });

  test("no such name", async () => {
    const host = await server();
    await expect(connect(targetOf(host, { host: "no-such-host.invalid" }))).rejects.toMatchObject({
      code: "ssh.name-not-found",
      message: expect.stringContaining("no-such-host.invalid"),
    });
  });

  test("no greeting", async () => {
    const host = await server({ faults: { silent: true } });
    await expect(connect(targetOf(host, soon))).rejects.toMatchObject({ code: "ssh.timeout-banner" });
  });

  test("closed at once", async () => {
    const host = await server({ faults: { closeEarly: true } });
    await expect(connect(targetOf(host))).rejects.toMatchObject({
      code: "ssh.closed-early",
      details: { hint: expect.stringContaining("MaxStartups") },
    });
  });

  test("another kind of server", async () => {
    const host = await server({ faults: { greeting: "HTTP/1.1 400 Bad Request\r\n\r\n" } });
    await expect(connect(targetOf(host))).rejects.toMatchObject({
      code: "ssh.not-ssh",
      details: { seen: '"HTTP/1.1 400 Bad Request"' },
    });
  });

  test("a greeting and no more", async () => {
    const host = await server({ faults: { greeting: "SSH-2.0-tired\r\n" } });
    await expect(connect(targetOf(host))).rejects.toMatchObject({ code: "ssh.closed-early" });
    const silent = createServer((socket) => socket.write("SSH-2.0-tired\r\n"));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number };
    await expect(connect(targetOf(host, { port, ...soon }))).rejects.toMatchObject({
      code: "ssh.timeout-handshake",
    });
  });

  test("no algorithm in common", async () => {
    const host = await server({ algorithms: { cipher: ["aes256-cbc"] } });
    await expect(connect(targetOf(host))).rejects.toMatchObject({
      code: "ssh.no-common-algorithm",
      details: { seen: "the server offers aes256-cbc" },
    });
  });

  test("cancelled", async () => {
    const host = await server({ faults: { silent: true } });
    const controller = new AbortController();
    const connecting = connect(targetOf(host), { signal: controller.signal });
    await vi.waitUntil(() => host.connections() === 1);
    controller.abort();
    await expect(connecting).rejects.toMatchObject({ code: "ssh.aborted" });
    await expect(connect(targetOf(host), { signal: controller.signal })).rejects.toMatchObject({
      code: "ssh.aborted",
    });
  });
});

describe("through a jump host", () => {
  const through = async () => {
    const bastion = await server();
    const host = await server({ hostKeys: [ed25519.private] });
    return { bastion, host, jump: targetOf(bastion, { name: "bastion" }) };
  };

  test("commands run on the host behind, and both connections end", async () => {
    const { bastion, host, jump } = await through();
    const connection = await connected(host, { jump });
    expect(await connection.exec("echo $HOME")).toMatchObject({ code: 0 });
    const bytes = Buffer.alloc(8 << 20, "x");
    expect(await connection.exec("wc -c", { input: bytes })).toMatchObject({ stdout: `${bytes.length}\n` });
    await connection.close();
    expect(await connection.lost).toBeNull();
    await vi.waitUntil(() => bastion.open() === 0 && host.open() === 0);
  });

  test("the jump host's key is checked, and errors say which of the two failed", async () => {
    const { bastion, host, jump } = await through();
    const wrong = pin(host.knownHosts[0]!.replace(/^\S+/, `[127.0.0.1]:${bastion.port}`));
    await expect(connect(targetOf(host, { jump: { ...jump, pins: wrong } }))).rejects.toMatchObject({
      code: "ssh.host-key-changed",
      message: expect.stringContaining("The jump host bastion on the way to web1"),
      details: { host: "bastion" },
    });
    expect(host.connections()).toBe(0);
    await expect(connect(targetOf(host, { jump, pins: pin(fingerprintOf(ecdsa)) }))).rejects.toMatchObject({
      code: "ssh.host-key-changed",
      details: { host: "web1" },
    });
  });

  test("a jump host that can not reach the host, or may not", async () => {
    const { bastion, host, jump } = await through();
    await host.stop();
    await expect(connect(targetOf(host, { jump }))).rejects.toMatchObject({
      code: "ssh.jump-forward",
      message: expect.stringContaining("bastion can not reach 127.0.0.1"),
    });
    bastion.faults.noForwarding = true;
    await expect(connect(targetOf(host, { jump }))).rejects.toMatchObject({
      code: "ssh.jump-forward",
      details: { hint: expect.stringContaining("AllowTcpForwarding") },
    });
    await vi.waitUntil(() => bastion.open() === 0);
  });

  test("a host that is lost behind a living jump host is noticed", async () => {
    const { host, jump } = await through();
    const connection = await connected(host, { jump }, { keepaliveMs: 50 });
    host.freeze();
    expect(await connection.lost).toMatchObject({ code: "ssh.connection-lost" });
  });
});

test("the embedded server remembers nothing of the folder it ran in", async () => {
  const home = folder();
  const host = await server({ home, env: { STAGE: "test" } });
  const connection = await connected(host);
  const { stdout } = await connection.exec("env | sort | cut -d= -f1");
  expect(stdout.split("\n").filter((name) => !["_", "PWD", "OLDPWD", "SHLVL", ""].includes(name))).toEqual([
    "HOME",
    "LANG",
    "LOGNAME",
    "PATH",
    "SHELL",
    "STAGE",
    "USER",
  ]);
});
