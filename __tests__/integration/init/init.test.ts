import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "../../../src/config/load.ts";
import { workflows } from "../../../src/github/workflows/index.ts";
import { djdeploy } from "../../support/cli.ts";
import { actionlint } from "../../support/judge-workflow.ts";
import { djangoFiles, repository } from "../../support/repository.ts";

const settings = `import os
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.environ.get("DEBUG", "1") == "1"
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "").split(",")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
WSGI_APPLICATION = "tute.wsgi.application"
`;
const project = () => repository({ ...djangoFiles(), "tute/settings.py": settings });
const init = (cwd: string, ...words: string[]) => djdeploy(["init", "--yes", ...words], { cwd });
const text = (folder: string, path: string) => readFileSync(join(folder, path), "utf8");

describe("djdeploy init", () => {
  it("writes a configuration that loads, and says only what is no default", async () => {
    const { directory } = project();
    const { code, stderr } = await init(
      directory,
      "--host",
      "203.0.113.10",
      "--url",
      "https://www.example.com",
    );
    expect([code, stderr]).toEqual([0, ""]);
    const written = parse(text(directory, "djdeploy.yml"));
    expect(written).toEqual({
      app: "tute",
      env: { secrets: ["SECRET_KEY"], vars: { ALLOWED_HOSTS: "www.example.com", DEBUG: "0" } },
      environments: { production: { url: "https://www.example.com", hosts: ["203.0.113.10"] } },
    });
    const config = await loadConfig({ cwd: directory, environment: null });
    expect(config).toMatchObject({ app: "tute", environment: "production" });
  });

  it("writes workflows that pass actionlint, with the secrets by name", async () => {
    const { directory } = project();
    await init(directory, "--host", "203.0.113.10");
    for (const path of Object.keys(
      workflows({ action: "a/b@c", environment: "x", url: null, branch: "main", config: null, secrets: [] }),
    ))
      expect(await actionlint(path, text(directory, path))).toEqual([]);
    expect(text(directory, ".github/workflows/deploy.yml")).toContain(
      `SECRET_KEY: \${{ secrets.SECRET_KEY }}`,
    );
  });

  it("tells what is left to do, each with its command", async () => {
    const repo = project();
    repo.git("remote", "add", "origin", "git@github.com:Acme/Shop.git");
    const { stdout } = await init(repo.directory, "--host", "deploy@web1.example.com:2222");
    for (const line of [
      "djdeploy host-key deploy@web1.example.com:2222",
      "djdeploy setup production --user root --ci-key new",
      "djdeploy env production set SECRET_KEY --generate",
      "gh secret set SSH_PRIVATE_KEY --env production < ~/.ssh/djdeploy-tute-production",
      "https://github.com/acme/shop/settings/branches",
      "EMAIL_PORT",
    ])
      expect(stdout).toContain(line);
  });

  it("writes the same again without a word, and replaces only by force", async () => {
    const { directory, write } = project();
    await init(directory, "--host", "203.0.113.10");
    const again = await init(directory, "--host", "203.0.113.10");
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("unchanged  djdeploy.yml");
    write({ ".github/workflows/deploy.yml": "mine\n" });
    const refused = await init(directory, "--host", "203.0.113.11");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("djdeploy.yml, .github/workflows/deploy.yml are there already");
    expect(text(directory, "djdeploy.yml")).toContain("203.0.113.10");
    const forced = await init(directory, "--host", "203.0.113.11", "--force");
    expect(forced.code).toBe(0);
    expect(text(directory, "djdeploy.yml")).toContain("203.0.113.11");
  });

  it("asks for a host, and says so where nobody can answer", async () => {
    const { directory } = project();
    const { code, stderr } = await init(directory);
    expect(code).toBe(2);
    expect(stderr).toContain("--host");
    expect(existsSync(join(directory, "djdeploy.yml"))).toBe(false);
  });

  it("refuses a host that could not stand in the file", async () => {
    const { directory } = project();
    const { code, stderr } = await init(directory, "--host", "web 1");
    expect(code).toBe(2);
    expect(stderr).toContain("web 1");
    expect(existsSync(join(directory, ".github"))).toBe(false);
  });

  it("works in a folder below the top, and names the configuration to the action", async () => {
    const files = Object.entries(djangoFiles()).map(([path, content]) => [`backend/${path}`, content]);
    const { directory } = repository(Object.fromEntries(files));
    const { code } = await init(join(directory, "backend"), "--host", "203.0.113.10");
    expect(code).toBe(0);
    expect(text(directory, ".github/workflows/deploy.yml")).toContain("config: backend/djdeploy.yml");
  });

  it("takes the repository's own branch, in the configuration and in the workflow", async () => {
    const { directory, git } = project();
    git("branch", "-m", "trunk");
    await init(directory, "--host", "203.0.113.10");
    const config = await loadConfig({ cwd: directory, environment: null });
    expect(config.branches).toEqual(["trunk"]);
    expect(text(directory, ".github/workflows/deploy.yml")).toContain("branches: [trunk]");
  });

  it("says what it could not find instead of guessing", async () => {
    const { directory } = repository({ "README.md": "nothing yet\n" });
    const { code, stdout } = await init(directory, "--host", "203.0.113.10");
    expect(code).toBe(0);
    expect(stdout).toContain("no manage.py");
    expect(stdout).toContain("pip freeze > requirements.txt");
  });
});
