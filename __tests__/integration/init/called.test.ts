import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { calledPath, type Kind } from "../../../scripts/github/called.ts";
import { startGithub } from "../../support/github/server.ts";
import { runWorkflow } from "../../support/workflow.ts";
import { type Playground, startPlayground } from "../release/playground.ts";

// The reusable workflow, run as GitHub would run it for a repository that calls it: what it has beyond the written one is
// tried here, that it has all of the written one in unit/github/own-workflows.test.ts.
let play: Playground;
beforeAll(async () => {
  play = await startPlayground();
});
afterAll(() => play?.stop());

/** As the caller of docs/github.md does it: what is not given has the default of the called workflow. */
async function call(kind: Kind, event: string, given: Record<string, string> = {}) {
  const github = await startGithub();
  const path = resolve(calledPath(kind, "github"));
  const declared = parse(readFileSync(path, "utf8")).on.workflow_call.inputs as Record<
    string,
    { default: string }
  >;
  const defaults = Object.fromEntries(Object.entries(declared).map(([name, input]) => [name, input.default]));
  const steps = await runWorkflow(play.project, path, {
    event: { name: event },
    inputs: { ...defaults, "known-hosts": play.host.ssh.knownHosts.join("\n"), ...given },
    secrets: {
      SSH_PRIVATE_KEY: play.host.privateKey,
      DJDEPLOY_SECRETS: "SECRET_KEY=a-long-and-random-enough-key-for-tests-0123456789-_xyzq",
    },
    env: {
      GITHUB_REF: "refs/heads/main",
      GITHUB_REF_PROTECTED: "true",
      GITHUB_API_URL: github.url,
      "INPUT_GITHUB-TOKEN": "t",
    },
  });
  expect(github.problems).toEqual([]);
  return {
    steps: steps.map(({ job, step, result }) => [job, step, result.code]),
    last: steps.at(-1)!.result,
  };
}

it("deploys by inputs, with the pins and secrets of the caller", async () => {
  const first = await call("deploy", "push");
  expect(first.steps, first.last.log).toEqual([
    ["check", "Settings", 0],
    ["check", "Tests", 0],
    ["deploy", "Deploy", 0],
  ]);
  expect(first.last.outputs["result"]).toBe("deployed");
  expect(first.last.masks.join("\n")).toContain("a-long-and-random-enough-key");
  expect(await play.page()).toContain("first version");
}, 240_000);
