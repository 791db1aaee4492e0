import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SshServer, startSshServer } from "../../../lab/sshd.ts";
import { waitFor } from "../../../lab/wait.ts";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";

// The login goes on while the runner still judges. Whatever becomes of it, what the runner found is what is told.
const key = newDeployKey("early");
let server: SshServer;
let home: string;
/** All that went to programs on the host. */
let asked = "";
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "djd-home-"));
  server = await startSshServer({
    authorizedKeys: [key.publicKey],
    user: "tute_deploy",
    home,
    tap: () => (way, bytes) => {
      if (way === "in") asked += bytes.toString("latin1");
    },
  });
});
afterAll(async () => {
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Deploys a project whose settings the lint refuses. */
async function deploys(keys = "test: {command: false}"): Promise<{ code: number; said: string }> {
  const files = djangoFiles();
  const [name = ""] = Object.keys(files).filter((path) => path.endsWith("settings.py"));
  const { directory } = repository({
    ...files,
    [name]: `${files[name]}\nDEBUG = True\n`,
    "djdeploy.yml": `app: tute
${keys}
release: {path: ${join(home, "tute")}}
environments:
  production:
    hosts: ["127.0.0.1:${server.port}"]
    known-hosts: |
${server.knownHosts.map((pin) => `      ${pin}\n`).join("")}`,
  });
  const folder = temporaryFolder();
  const identity = join(folder, "id");
  writeFileSync(identity, key.privateKey, { mode: 0o600 });
  const words = ["deploy", "production", "--identity", identity, "--ssh-config", "none"];
  const told = await djdeploy(words, { cwd: directory, env: { HOME: folder, PATH: process.env.PATH ?? "" } });
  return { code: told.code, said: told.stdout + told.stderr };
}

/** Nothing of it stays: no connection, no program, no file. */
async function nothingLeft(): Promise<void> {
  await waitFor(() => server.open() === 0, { timeoutMs: 5_000, what: "every connection to be closed" });
  expect(readdirSync(home)).toEqual([]);
  expect(asked.replaceAll('{"op":"ping"}', "")).not.toContain('"op"');
}

describe("settings that are refused", () => {
  it("on a host that answers: the connection is closed, nothing was left there", async () => {
    const { code, said } = await deploys();
    expect(said).toContain("DEBUG");
    expect(code).toBe(3);
    await nothingLeft();
  });

  it("on a host that does not: the settings are told, not the host", async () => {
    for (const fault of [
      { silent: true },
      { closeEarly: true },
      { greeting: "Welcome" },
      { silentLogin: true },
      { silentChannels: true },
    ]) {
      Object.assign(server.faults, fault);
      let ended: Awaited<ReturnType<typeof deploys>> | null = null;
      void deploys().then((done) => {
        ended = done;
      });
      // Before the time limits of a login and of a channel, which are 15 s.
      await waitFor(() => ended !== null, { timeoutMs: 12_000, what: "the refused run to end" });
      const { code, said } = ended!;
      for (const name of Object.keys(fault)) delete server.faults[name as keyof typeof fault];
      expect(said).toContain("DEBUG");
      expect(said).not.toContain("127.0.0.1");
      expect(code).toBe(3);
      await nothingLeft();
    }
  });
});

it("what takes long on the runner comes first: no connection waits for it", async () => {
  const before = server.connections();
  const { code, said } = await deploys("test: {command: false}\nbuild: {command: echo it breaks; exit 9}");
  expect(said).toContain("it breaks");
  expect(code).toBe(1);
  expect(server.connections()).toBe(before);
});
