import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";
import { runStep } from "../../support/runner.ts";

// The file that says what started the run. What cannot be read of it lets nobody deploy, and holds nothing else up.
const yml = "app: tute\ntest: {command: false}\nenvironments: {production: {hosts: [203.0.113.10]}}\n";

function pipe(): string {
  const path = join(temporaryFolder(), "event.json");
  execFileSync("mkfifo", [path]);
  return path;
}

function holding(text: string): string {
  const path = join(temporaryFolder(), "event.json");
  writeFileSync(path, text);
  return path;
}

function run(command: string, path: string) {
  const { directory } = repository({ ...djangoFiles(), "djdeploy.yml": yml });
  const inputs = {
    command,
    "ssh-private-key": newDeployKey("t").privateKey,
    "github-token": "t",
    "fail-level": "never",
  };
  const env = { GITHUB_EVENT_PATH: path };
  return runStep(directory, inputs, {
    env,
    onStart: (child) => onTestFinished(() => void child.kill("SIGKILL")),
  });
}

it.each([
  ["that is no JSON", () => holding('{"ref": \u001b[31mwho reads this'), "cannot be read"],
  ["that holds a list", () => holding("[]"), "cannot be read"],
  ["that is a pipe", pipe, "cannot be read"],
  ["that is a device", () => "/dev/zero", "cannot be read"],
  ["that nobody names", () => "", "is not set"],
])("an event %s refuses a deploy", async (_, path, why) => {
  const { code, outputs, log } = await run("deploy", path());
  expect([code, outputs["result"], log], log).toEqual([7, "refused", expect.stringContaining(why)]);
  expect(log).not.toMatch(/who reads this|unexpected/);
  expect(log).not.toContain("\u001b");
});

it("an event that is a pipe holds up no lint", async () => {
  const { code, annotations } = await run("lint", pipe());
  expect([code, annotations.filter((one) => one.startsWith("::error::"))]).toEqual([0, []]);
});
