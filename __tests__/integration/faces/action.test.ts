import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { repository } from "../../support/repository.ts";
import { runStep } from "../../support/runner.ts";

const manage = `import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\n`;
const good = `import os
DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["www.example.com"]
SECURE_HSTS_SECONDS = 3600
ROOT_URLCONF = "site1.urls"
`;
const config = `app: site1
env: {secrets: [SECRET_KEY, TLS_KEY]}
environments:
  production: {hosts: [127.0.0.1]}
`;

function site(files: Record<string, string> = {}) {
  const repo = repository({
    "manage.py": manage,
    "site1/settings.py": good,
    "site1/wsgi.py": `application = None\n`,
    "requirements.txt": "Django==5.2.8\n",
    "djdeploy.yml": config,
    ...files,
  });
  repo.commit();
  return repo.directory;
}

const allOutputs = Object.keys(parse(readFileSync("action.yml", "utf8")).outputs).sort();

describe("the committed action", () => {
  it("refuses a wrong input in one annotation, and still sets every output", async () => {
    const run = await runStep(site(), { command: "deplyo" });
    expect(run.code).toBe(2);
    expect(run.annotations).toEqual([expect.stringContaining('did you mean "deploy"?')]);
    expect(Object.keys(run.outputs).sort()).toEqual(allOutputs);
    expect(run.outputs.result).toBe("refused");
    expect(run.summary).toMatch(/^### ❌ refused/);
  });

  it("points at the line of a wrong configuration", async () => {
    const run = await runStep(site({ "djdeploy.yml": "app: site1\nenvironmets: {}\n" }), {});
    expect(run.code).toBe(2);
    expect(run.annotations).toHaveLength(1);
    expect(run.annotations[0]).toMatch(/^::error.*djdeploy\.yml/);
  });

  it("says that there is no key, and masks nothing that is empty", async () => {
    const run = await runStep(site(), { "ssh-private-key": "" });
    expect(run.code).toBe(2);
    expect(run.annotations).toEqual([expect.stringContaining("ssh-private-key is empty")]);
    expect(run.masks).toEqual([]);
  });

  it("masks every value line by line before anything else, and shows none", async () => {
    const tls = "-----BEGIN KEY-----\nMIIEvgIBADANBgkq\n-----END KEY-----";
    const run = await runStep(
      site(),
      {
        secrets: `TLS_KEY<<EOT\n${tls}\nEOT\n`,
        "ssh-private-key": "no key at all",
        "github-token": "ghs_token",
      },
      { env: { SECRET_KEY: "from-the-steps-env", OTHER: "not-named-anywhere" } },
    );
    expect(run.code).toBe(2);
    expect(run.masks).toEqual(
      expect.arrayContaining(["from-the-steps-env", "MIIEvgIBADANBgkq", "ghs_token", "no key at all"]),
    );
    expect(run.masks).not.toContain("not-named-anywhere");
    const first = run.log.split("\n").findIndex((line) => !line.startsWith("::add-mask::"));
    expect(run.log.split("\n").slice(first).join("\n")).not.toMatch(
      /MIIEvg|from-the-steps-env|ghs_token|no key at all/,
    );
    expect(run.summary + readFileSync(run.outputs.report!, "utf8")).not.toMatch(
      /MIIEvg|from-the-steps|no key at all/,
    );
  });

  it("refuses a secret that env.secrets does not name, without its name", async () => {
    const run = await runStep(site(), { secrets: "SECRET_KEY=a\nMIIEvgIBADANBgkq=", "ssh-private-key": "x" });
    expect(run.code).toBe(2);
    expect(run.annotations).toEqual([expect.stringContaining("name 2 is not in env.secrets")]);
    expect(run.annotations[0]).not.toContain("MIIEvg");
  });

  it("never deploys what a stranger proposed", async () => {
    const payload = {
      pull_request: {
        head: { repo: { full_name: "stranger/site" } },
        base: { repo: { full_name: "org/site" } },
      },
    };
    const run = await runStep(site(), {}, { event: { name: "pull_request", payload } });
    expect(run.code).toBe(7);
    expect(run.outputs.result).toBe("refused");
    expect(run.annotations).toEqual([expect.stringContaining("comes from a fork (stranger/site)")]);
  });

  it("ends red when the host cannot be reached, and names it", async () => {
    const { privateKey: key } = newDeployKey("test");
    const directory = site({ "djdeploy.yml": config.replace("127.0.0.1", "127.0.0.1:9") });
    const run = await runStep(directory, { "ssh-private-key": key, tests: "checked" });
    expect(run.annotations).toEqual([expect.stringContaining("127.0.0.1")]);
    expect(run.code).toBe(5);
  });
});

describe("command: lint", () => {
  it("annotates the line, counts, and fails at the fail level", async () => {
    const run = await runStep(site({ "site1/settings.py": good.replace("DEBUG = False", "DEBUG = True") }), {
      command: "lint",
    });
    expect(run.code).toBe(3);
    expect(run.annotations.filter((line) => line.startsWith("::error"))).toHaveLength(1);
    expect(run.annotations).toContainEqual(
      expect.stringMatching(/^::error file=site1\/settings\.py,line=2.*security\.W018/),
    );
    expect(run.outputs).toMatchObject({ findings: "1", result: "" });
    expect(run.summary).toMatch(/^### ❌ lint production: .*DEBUG/);
    expect(JSON.parse(readFileSync(run.outputs.report!, "utf8"))).toMatchObject({
      settingsModule: "site1.settings",
    });
  });

  it("passes with fail-level never", async () => {
    const directory = site({ "site1/settings.py": good.replace("DEBUG = False", "DEBUG = True") });
    const run = await runStep(directory, { command: "lint", "fail-level": "never" });
    expect(run.code).toBe(0);
    expect(run.outputs.findings).toBe("0");
  });
});
