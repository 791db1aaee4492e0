import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type SshServer, type SshServerOptions, startSshServer } from "../../../lab/sshd.ts";
import { type ConnectOptions, connect } from "../../../src/ssh/connect.ts";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import type { Connection, Target } from "../../../src/ssh/types.ts";

/** As ssh2 writes pairs: `private` and `public`. */
export function newPair(passphrase?: string): { private: string; public: string } {
  const { privateKey, publicKey } = newDeployKey("test", passphrase);
  return { private: privateKey, public: publicKey };
}

export const clientKey = newPair();

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "djdeploy-ssh-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A server that ends with the test; `clientKey` may log in as `deploy`. */
export async function server(options: Partial<SshServerOptions> = {}): Promise<SshServer> {
  const started = await startSshServer({
    authorizedKeys: [clientKey.public],
    user: "deploy",
    home: folder(),
    ...options,
  });
  onTestFinished(() => started.stop());
  return started;
}

export function targetOf(to: SshServer, more: Partial<Target> = {}): Target {
  return {
    name: "web1",
    host: to.host,
    port: to.port,
    user: "deploy",
    keys: [{ source: "the ssh-private-key input", text: clientKey.private }],
    passphrase: null,
    agent: null,
    pins: [{ source: "the known-hosts input", text: to.knownHosts.join("\n") }],
    jump: null,
    connectTimeoutMs: 10_000,
    ...more,
  };
}

/** A connection that is closed after the test, before its server stops. */
export async function connected(
  to: SshServer,
  more: Partial<Target> = {},
  options: ConnectOptions = {},
): Promise<Connection> {
  const connection = await connect(targetOf(to, more), options);
  onTestFinished(() => connection.close());
  return connection;
}
