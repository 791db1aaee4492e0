import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { actionNode } from "../../support/action-node.ts";
import { djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";
import { runStep } from "../../support/runner.ts";

// A repository whose code looks for secrets wherever the system shows them to processes of the same user.
const walker = readFileSync(new URL("../../support/walk.py", import.meta.url), "utf8");
// … or makes the process open them: by Node's debugger, whose port is any process's of this machine.
const signaller = readFileSync(new URL("../../support/signal-ancestors.py", import.meta.url), "utf8");
// One for all, so that the environment of the tests is made once.
const cache = mkdtempSync(join(tmpdir(), "djdeploy-cache-"));
afterAll(() => rmSync(cache, { recursive: true, force: true }));
const fresh = () => randomBytes(24).toString("hex");

async function attacked(inputs: Record<string, string>, { tests = true, build = true } = {}) {
  const dumps = temporaryFolder();
  const walk = (name: string) => `python3 ${join(dumps, "walk.py")} ${join(dumps, name)}`;
  const repo = repository({
    ...djangoFiles(),
    "tute/settings.py": `import os\nDEBUG = False\nSECRET_KEY = os.environ["SECRET_KEY"]\nALLOWED_HOSTS = ["example.com"]\nWSGI_APPLICATION = "tute.wsgi.application"\n`,
    "requirements.txt": "# nothing\n",
    "djdeploy.yml": `app: tute
env: {secrets: [SECRET_KEY, OTHER]}
python: {env: [INDEX]}
build: {command: ${build ? walk("build") : "null"}}
test: {command: ${tests ? walk("tests") : "false"}}
environments: {production: {hosts: ["127.0.0.1:9"]}}
`,
  });
  writeFileSync(join(dumps, "walk.py"), walker);
  const { privateKey } = newDeployKey("test");
  const hidden = {
    passphrase: fresh(),
    token: `ghs_${fresh()}`,
    other: fresh(),
    secret: `${fresh()}${fresh()}-_xyzq`,
    runtime: fresh(),
    identity: fresh(),
    ambient: fresh(),
    index: fresh(),
  };
  const run = await runStep(
    repo.directory,
    {
      "ssh-private-key": privateKey,
      "ssh-passphrase": hidden.passphrase,
      "github-token": hidden.token,
      secrets: `OTHER=${hidden.other}`,
      ...inputs,
    },
    {
      env: {
        SECRET_KEY: hidden.secret,
        ACTIONS_RUNTIME_TOKEN: hidden.runtime,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: hidden.identity,
        GITHUB_TOKEN: hidden.ambient,
        INDEX: hidden.index,
        XDG_CACHE_HOME: cache,
      },
    },
  );
  const seen = (name: string) => {
    const dump = readFileSync(join(dumps, name)).toString("latin1");
    // A dump of its memory would hold them all; the hard limit is root's to raise.
    expect(dump).toMatch(/^limit of the face's core: 0 0 bytes$/m);
    // The first lines and the last are those of any key.
    const lines = privateKey.split("\n").filter((line) => !/^-|^b3BlbnNzaC1rZXktdjEAAAAA|^$/.test(line));
    expect(dump).toContain("walked");
    return [...lines.map((l): [string, string] => ["key", l]), ...Object.entries(hidden)]
      .filter(([, one]) => dump.includes(one))
      .map(([name]) => name);
  };
  // Once for each process that the step was.
  const begun = run.masks.filter((mask) => mask === hidden.token).length;
  return { run, seen, begun };
}

it("shows no key, token or secret to the build and the tests of a deploy", async () => {
  const { run, seen } = await attacked({});
  expect([run.code, run.annotations], run.log).toEqual([5, [expect.stringContaining("127.0.0.1")]]);
  expect([seen("build"), seen("tests")]).toEqual([[], []]);
  expect(run.masks.length).toBeGreaterThan(5);
});

it("shows none to the tests of command: test", async () => {
  const { run, seen } = await attacked({ command: "test" });
  expect([run.code, run.annotations, seen("tests")], run.log).toEqual([0, [], []]);
});

it("stays the process that it is where nothing of the project runs", async () => {
  const { run, begun } = await attacked({ tests: "checked" }, { build: false });
  expect([run.code, begun], run.log).toEqual([5, 1]);
  expect((await attacked({ tests: "checked" })).begun).toBe(2);
});

it("says that nothing is hidden where Node cannot replace a process", async () => {
  const without = join(temporaryFolder(), "node.sh");
  writeFileSync(
    without,
    `#!/bin/sh\nexec ${actionNode()} --import 'data:text/javascript,delete process.execve' "$@"\n`,
  );
  chmodSync(without, 0o755);
  const repo = repository({ ...djangoFiles(), "requirements.txt": "# nothing\n" });
  repo.write({
    "djdeploy.yml": "app: tute\ntest: {command: 'true'}\nenvironments: {production: {hosts: [a.example]}}\n",
  });
  repo.commit();
  const run = await runStep(
    repo.directory,
    { command: "test" },
    { node: without, env: { XDG_CACHE_HOME: cache } },
  );
  expect(run.annotations).toEqual([expect.stringContaining("can read")]);
});

it("opens no debugger to a build that asks for one", async () => {
  const repo = repository({ ...djangoFiles(), "requirements.txt": "# nothing\n" });
  const asked = join(temporaryFolder(), "asked");
  repo.write({
    "ask.py": signaller,
    "djdeploy.yml": `app: tute
build: {command: python3 ask.py SIGUSR1 ${asked}, include: [ask.py]}
test: {command: python3 ask.py SIGUSR1 ${asked}}
environments: {production: {hosts: ["127.0.0.1:9"]}}
`,
  });
  repo.commit();
  const { privateKey } = newDeployKey("test");
  const inputs = { "ssh-private-key": privateKey, "fail-level": "never" };
  const { code, log } = await runStep(repo.directory, inputs, { env: { XDG_CACHE_HOME: cache } });
  const cli = spawnSync(
    process.execPath,
    ["dist/cli/index.js", "test", "--config", join(repo.directory, "djdeploy.yml")],
    {
      env: { PATH: process.env["PATH"], HOME: temporaryFolder(), XDG_CACHE_HOME: cache },
      encoding: "utf8",
    },
  );
  expect([code, cli.status], `${log}${cli.stderr}`).toEqual([5, 0]);
  // By the build and the tests of the action, and by the tests of the command line.
  expect(readFileSync(asked, "utf8")).toBe("action\naction\ncli\n");
  expect(`${log}${cli.stderr}`).not.toMatch(/debugger|inspector/i);
});
