import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { bootHost, type LabHost } from "../../lab/host.ts";
import { actProgram, runByAct } from "../support/act.ts";
import { type Repository, repository } from "../support/repository.ts";
import { runWorkflow } from "../support/workflow.ts";
import { startProject } from "./support/fresh.ts";
import { page } from "./support/page.ts";
import { cli, start } from "./support/program.ts";

/** A home with the root key of the host, and a fresh project in it; each test goes on where the one before ended. */
describe("a fresh startproject that did what init left to do", () => {
  let host: LabHost;
  let home: string;
  let git: Repository;
  const djdeploy = async (...argv: string[]) => {
    const ran = await start(cli, argv, { cwd: git.directory, env: { HOME: home } }).ended;
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    return ran.stdout;
  };
  const secrets = () => ({
    SSH_PRIVATE_KEY: readFileSync(join(home, ".ssh/djdeploy-mysite-production"), "utf8"),
  });
  const login = () => page(host.address, "/admin/login/", { host: host.address });

  beforeAll(async () => {
    host = await bootHost({ base: "bookworm", name: "web1" });
    home = mkdtempSync(join(tmpdir(), "djdeploy-init-"));
    mkdirSync(join(home, ".ssh"), { mode: 0o700 });
    writeFileSync(join(home, ".ssh/id_ed25519"), host.privateKey, { mode: 0o600 });
    writeFileSync(join(home, ".ssh/known_hosts"), host.hostKeys.map((line) => `${line}\n`).join(""));
    startProject("mysite", join(home, "project"));
    git = repository({}, join(home, "project"));
    git.write({ ".gitignore": "__pycache__/\n" });
    git.commit("startproject");
  });
  afterAll(async () => {
    await host?.stop();
    if (home) rmSync(home, { recursive: true, force: true });
  });

  test("is lint-clean, and the deploy workflow of its push takes it to the host", async () => {
    const said = await djdeploy("init", "--yes", "--host", host.address);
    expect(said).toContain("djdeploy env production set SECRET_KEY --generate");
    await djdeploy("lint");
    await pin();
    git.commit("Deploy with django-deploy");
    await djdeploy("setup", "production", "--user", "root", "--ci-key", "new", "--plan-key", "new");
    await djdeploy("env", "production", "set", "SECRET_KEY", "--generate");

    const env = { GITHUB_REF: "refs/heads/main", GITHUB_REF_PROTECTED: "true" };
    const run = { secrets: secrets(), event: { name: "push" }, env };
    const steps = await runWorkflow(git.directory, ".github/workflows/deploy.yml", run);
    const { code, outputs, log } = steps.at(-1)!.result;
    expect([code, outputs["result"]], log).toEqual([0, "deployed"]);
    const { status, body } = await login();
    expect([status, body]).toEqual([200, expect.stringContaining("Django administration")]);
    const css = /href="(\/static\/admin\/css\/base\.[0-9a-f]+\.css)"/.exec(body)?.[1] ?? "no stylesheet";
    expect((await page(host.address, css, { host: host.address })).status).toBe(200);
  });

  test("plans with the key that may only read, which can do nothing else", async () => {
    const key = join(home, ".ssh/djdeploy-mysite-production-plan");
    const tried = (...argv: string[]) =>
      start(cli, [...argv, "--identity", key], { cwd: git.directory, env: { HOME: home } }).ended;
    const live = await releases();
    const plan = await tried("plan", "production", "--format", "json");
    expect(plan.code, plan.stderr).toBe(0);
    expect(JSON.parse(plan.stdout)).toMatchObject({
      hosts: [{ release: live[0] }],
      migrationsKnown: expect.stringContaining("none of the project's own is pending"),
    });

    git.write({ "mysite/urls.py": "urlpatterns = []\n" });
    git.commit("Take the pages away");
    for (const verb of [["deploy"], ["rollback"], ["env", "production", "set", "SECRET_KEY", "--generate"]]) {
      const { code, stdout, stderr } = await tried(...verb);
      expect([code, stdout + stderr]).toEqual([7, expect.stringContaining("this key may only read facts")]);
    }
    const logs = await tried("logs");
    expect([logs.code, logs.stderr]).toEqual([1, expect.stringContaining("this key may only read facts")]);
    const known = ["-o", `UserKnownHostsFile=${host.knownHostsFile}`, "-o", "IdentitiesOnly=yes", "-i", key];
    for (const words of [["id"], ["-s", "sftp"], ["-tt", "sh"]]) {
      const asked = ["-F", "none", "-n", ...known, `mysite@${host.address}`, ...words];
      const ssh = spawnSync("ssh", asked, { encoding: "utf8" });
      expect([ssh.status === 0, ssh.stdout]).toEqual([false, ""]);
    }
    expect(await releases()).toEqual(live);
    expect((await login()).status).toBe(200);
  });

  for (const act of actProgram)
    test("is deployed by act as well", async () => {
      git.git("remote", "add", "origin", "https://github.com/org/site");
      const log = await runByAct(act, git.directory, ".github/workflows/deploy.yml", secrets());
      expect(log).toContain("set-output:: result=deployed");
      expect((await login()).status).toBe(404);
    });

  const releases = async (): Promise<string[]> =>
    JSON.parse(await djdeploy("releases", "production", "--format", "json")).releases.map(
      ({ id }: { id: string }) => id,
    );

  /** What init asks a person to compare and to paste. */
  async function pin(): Promise<void> {
    const file = join(git.directory, "djdeploy.yml");
    const config = parse(readFileSync(file, "utf8"));
    config.environments.production["known-hosts"] = host.hostKeys;
    writeFileSync(file, stringify(config));
  }
});
