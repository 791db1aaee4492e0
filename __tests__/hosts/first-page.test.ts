import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { BaseName } from "../../lab/base.ts";
import { bootHost } from "../../lab/host.ts";
import { repository } from "../support/repository.ts";
import { forProduction, startProject } from "./support/fresh.ts";
import { page } from "./support/page.ts";
import { cli, start } from "./support/program.ts";
import type { Manager } from "./support/site.ts";

const name = "mysite";
const site = "www.example.com";

interface Case {
  base: BaseName;
  manager: Manager;
  installer: "pip" | "uv";
  django: string;
  /** What the project's tests need may not exist for the Python of the machine that runs them. */
  more?: string;
}

// Under supervisord every shop of this suite begins on a bare host (support/site.ts).
const cases: Case[] = [
  { base: "bookworm", manager: "systemd", installer: "pip", django: "Django~=5.2.0" },
  {
    base: "trixie",
    manager: "systemd",
    installer: "uv",
    django: "Django>=6",
    more: "test: {command: false}\n",
  },
];

describe.each(cases)("a fresh startproject on a bare $base, $manager, $installer, $django", (one) => {
  test("setup and deploy are the only commands to a page served by nginx", async () => {
    const host = await bootHost({ base: one.base, name: "web1" });
    onTestFinished(() => host.stop());
    const folder = mkdtempSync(join(tmpdir(), "djdeploy-first-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const project = join(folder, "project");

    startProject(name, project);
    const yml = `app: ${name}
server: {manager: ${one.manager}}
django: {settings: ${name}.production}
python: {installer: ${one.installer}}
${one.more ?? ""}env: {secrets: [SECRET_KEY]}
environments:
  production: {url: "http://${site}", hosts: [${host.address}]}
`;
    expect(yml.trim().split("\n").length).toBeLessThan(10);
    const git = repository({}, project);
    git.write({
      ...forProduction(name, [one.django, "gunicorn", "whitenoise"], site),
      "djdeploy.yml": yml,
      ".gitignore": "__pycache__/\n",
    });
    const commit = git.commit("Go to production");
    const values = join(folder, "production.env");
    writeFileSync(values, `SECRET_KEY=${"zyxwvutsrqponmlkjihgfedcba9876543210-ABCDEFGHIJKLMNOP"}\n`, {
      mode: 0o600,
    });
    mkdirSync(join(folder, ".ssh"), { mode: 0o700 });
    writeFileSync(join(folder, ".ssh/id_ed25519"), host.privateKey, { mode: 0o600 });
    writeFileSync(join(folder, ".ssh/known_hosts"), host.hostKeys.map((line) => `${line}\n`).join(""));
    const djdeploy = (...argv: string[]) => start(cli, argv, { cwd: project, env: { HOME: folder } }).ended;

    const setup = await djdeploy("setup", "production", "--user", "root");
    expect(setup.code, setup.stdout + setup.stderr).toBe(0);
    const deploy = await djdeploy("deploy", "production", "--env-file", values);
    expect(deploy.code, deploy.stdout + deploy.stderr).toBe(0);

    const login = await page(host.address, "/admin/login/", { host: site });
    expect(login.status, login.body).toBe(200);
    expect(login.headers.server).toContain("nginx");
    expect(login.body).toContain("Django administration");
    const css =
      /href="(\/static\/admin\/css\/base\.[0-9a-f]+\.css)"/.exec(login.body)?.[1] ?? "no stylesheet";
    expect(await page(host.address, css, { host: site })).toMatchObject({ status: 200 });
    const status = JSON.parse((await djdeploy("status", "--format", "json")).stdout);
    expect(status.hosts[0]).toMatchObject({ revision: commit, proven: true, state: "live" });
    // The running user may write none: without them each start would compile Django anew.
    const compiled = await host.root(
      `find /srv/${name}/venvs -path '*/django/__pycache__/__init__.*.pyc' | wc -l`,
    );
    expect(compiled.stdout.trim()).toBe("1");
  });
});
