import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SshServer, type SshServerOptions, startSshServer } from "../../../lab/sshd.ts";
import { connect } from "../../../src/ssh/connect.ts";
import type { Target } from "../../../src/ssh/types.ts";

const client = ssh2.utils.generateKeyPairSync("ed25519");
let home: string;
let server: SshServer;

async function start(options: Partial<SshServerOptions> = {}): Promise<SshServer> {
  server = await startSshServer({ authorizedKeys: [client.public], user: "deploy", home, ...options });
  return server;
}

function target(more: Partial<Target> = {}): Target {
  return {
    name: "web1",
    host: server.host,
    port: server.port,
    user: "deploy",
    keys: [{ source: "the ssh-private-key input", text: client.private }],
    passphrase: null,
    agent: null,
    pins: [{ source: "the known-hosts input", text: server.knownHosts.join("\n") }],
    jump: null,
    connectTimeoutMs: 10_000,
    ...more,
  };
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "djdeploy-sshd-"));
});
afterEach(async () => {
  await server.stop();
  rmSync(home, { recursive: true });
});

test("runs a program and tells its output, its code and its signal apart", async () => {
  await start();
  const connection = await connect(target());
  expect(await connection.exec("pwd; echo oops >&2; exit 3")).toEqual({
    code: 3,
    signal: null,
    stdout: `${home}\n`,
    stderr: "oops\n",
  });
  expect(await connection.exec("cat", { input: "naïve ✓" })).toMatchObject({ code: 0, stdout: "naïve ✓" });
  expect(await connection.exec("kill -KILL $$")).toMatchObject({ code: null, signal: "SIGKILL" });
  await connection.close();
  expect(await connection.lost).toBeNull();
});

test("a key alone logs in with one request", async () => {
  await start();
  const connection = await connect(target());
  expect(server.logins).toEqual(["publickey"]);
  await connection.close();
});
