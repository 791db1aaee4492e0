import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SshServer, startSshServer } from "../../../lab/sshd.ts";
import { waitFor } from "../../../lab/wait.ts";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, type Repository, repository, temporaryFolder } from "../../support/repository.ts";
import { readable } from "./site.ts";

// An SSH server and nothing behind it: how a connection fails, and a host that no setup has seen.
const keys = newDeployKey("connect");
let server: SshServer;
/** The same host as an older djdeploy left it: the user that the application runs as is the one that logs in. */
let older: SshServer;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "djd-home-"));
  server = await startSshServer({ authorizedKeys: [keys.publicKey], user: "tute_deploy", home });
  older = await startSshServer({ authorizedKeys: [keys.publicKey], user: "tute", home });
});
afterAll(async () => {
  await server?.stop();
  await older?.stop();
  rmSync(home, { recursive: true, force: true });
});

interface Wanted {
  exit: number;
  code: string;
  says: (string | RegExp)[];
}

interface Where {
  port?: number;
  pins?: string[];
  user?: string;
  key?: string;
  path?: string;
}

function project({ port = server.port, pins = server.knownHosts, user, path }: Where): Repository {
  const known =
    pins.length === 0 ? "" : `    known-hosts: |\n${pins.map((pin) => `      ${pin}\n`).join("")}`;
  return repository({
    ...djangoFiles(),
    "djdeploy.yml": `app: tute
test: {command: false}
release: {path: ${path ?? join(home, "tute")}}
environments:
  production:
    hosts: ["${user ? `${user}@` : ""}127.0.0.1:${port}"]
${known}`,
  });
}

async function fails(where: Where, wanted: Wanted): Promise<void> {
  const folder = temporaryFolder();
  const { directory } = project(where);
  const identity = join(folder, "id");
  writeFileSync(identity, where.key ?? keys.privateKey, { mode: 0o600 });
  const words = ["deploy", "production", "--skip-lint", "--identity", identity, "--ssh-config", "none"];
  const env = { HOME: folder };
  const told = await djdeploy(words, { cwd: directory, env });
  readable(told);
  for (const part of wanted.says) expect(told.stderr).toMatch(part);
  expect(told.stderr).toContain("nothing was changed");
  expect(told.code).toBe(wanted.exit);
  const { stdout } = await djdeploy([...words, "--format", "json"], { cwd: directory, env });
  expect(stdout).toContain(`"error":"${wanted.code}"`);
  await waitFor(() => server.open() + older.open() === 0, {
    timeoutMs: 5_000,
    what: "every connection to be closed",
  });
}

describe("a host that can not be reached or trusted", () => {
  it("refuses connections", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    await fails(
      { port },
      {
        exit: 5,
        code: "ssh.refused",
        says: [`127.0.0.1 port ${port} refuses connections`, "is sshd running"],
      },
    );
  });

  it("wrong user", async () => {
    await fails(
      { user: "somebody" },
      { exit: 5, code: "ssh.auth-failed", says: ["does not let somebody in", "is somebody the right user"] },
    );
  });

  it("wrong key: names the key that was offered", async () => {
    const other = newDeployKey("other");
    await fails(
      { key: other.privateKey },
      {
        exit: 5,
        code: "ssh.auth-failed",
        says: [/SHA256:\S+ \(ssh-ed25519, .*id\)/, "authorized_keys of tute_deploy"],
      },
    );
  });

  it("changed host key: expected and seen", async () => {
    const other = newDeployKey("other").publicKey.split(" ")[1];
    await fails(
      { pins: [`[127.0.0.1]:${server.port} ssh-ed25519 ${other}`] },
      {
        exit: 5,
        code: "ssh.host-key-changed",
        says: ["is not the one that is pinned", /expected: .*SHA256:/, /seen: SHA256:/, "djdeploy host-key"],
      },
    );
  });

  it("no pin: the command that shows the keys", async () => {
    await fails(
      { pins: [] },
      { exit: 5, code: "ssh.no-pin", says: ["No host key is pinned", "djdeploy host-key"] },
    );
  });
});

describe("a host that is not ours to deploy to", () => {
  it("setup was never run", async () => {
    await fails(
      {},
      { exit: 1, code: "host.not-set-up", says: ["is not set up", "djdeploy setup production --user root"] },
    );
  });

  /** An application's folder with this owner. */
  function taken(name: string, change: object): string {
    const path = join(home, name);
    for (const folder of [".djdeploy", "releases", "venvs", "run"])
      mkdirSync(join(path, folder), { recursive: true });
    const owner = {
      version: 1,
      app: "tute",
      environment: "staging",
      repository: null,
      user: "tute",
      manager: {
        kind: "supervisord",
        start: ["true"],
        stop: ["true"],
        reset: null,
        status: ["true"],
        log: ["true"],
      },
      uv: null,
      setup: "embedded",
    };
    writeFileSync(join(path, ".djdeploy", "owner.json"), JSON.stringify({ ...owner, ...change }));
    return path;
  }

  it("one that an older djdeploy set up, where the user that deploys today is not there yet", async () => {
    const reach = { port: older.port, pins: older.knownHosts };
    const path = taken("older", { environment: "production", setup: "0123456789abcdef" });
    await fails(
      { ...reach, path },
      {
        exit: 7,
        code: "host.old-layout",
        says: ["was set up by an older djdeploy", "djdeploy setup production --user root moves it"],
      },
    );
    // Its record says nothing of the kind: it is a login that fails.
    await fails(
      { ...reach, path: join(home, "none") },
      { exit: 5, code: "ssh.auth-failed", says: ["does not let tute_deploy in", "moves a host"] },
    );
  });

  it("a folder of another environment", async () => {
    const path = taken("taken", {});
    await fails(
      { path },
      {
        exit: 7,
        code: "owner.other-environment",
        says: [`${path} belongs to another environment: staging`, "release.path"],
      },
    );
  });
});
