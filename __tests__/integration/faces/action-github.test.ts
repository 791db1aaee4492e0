import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "../../support/github/server.ts";
import { runStep } from "../../support/runner.ts";
import { type Playground, startPlayground } from "../release/playground.ts";

let play: Playground;
beforeAll(async () => {
  play = await startPlayground();
});
afterAll(() => play?.stop());

const secret = "a-long-and-random-enough-key-for-tests-0123456789-_xyzq";

function step(
  github: GithubStandIn,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
  onStart: (child: ChildProcess) => void = () => {},
) {
  const given = {
    "ssh-private-key": play.host.privateKey,
    "known-hosts": play.host.ssh.knownHosts.join("\n"),
    "github-token": "a-token-of-the-job",
    tests: "checked",
  };
  const more = { SECRET_KEY: secret, GITHUB_API_URL: github.url, GITHUB_REF: "refs/heads/main", ...env };
  return runStep(play.project, { ...given, ...inputs }, { env: more, onStart });
}
const states = (github: GithubStandIn) =>
  github.deployments.map(({ statuses }) => statuses.map(({ sent }) => sent["state"]));

it("files a deployment with the release, and says how it ended", async () => {
  const github = await startGithub();
  const first = await step(github, { force: "said by a-token-of-the-job" });
  expect([first.annotations, first.outputs["result"]]).toEqual([[], "deployed"]);
  expect(states(github)).toEqual([["in_progress", "success"]]);
  expect(github.deployments[0]?.sent).toMatchObject({
    environment: "production",
    ref: first.outputs["revision"],
    payload: { release: first.outputs["release"] },
  });

  const audit = readFileSync(join(play.host.site, ".djdeploy/audit.jsonl"), "utf8");
  expect(audit).toContain('"force": "said by ***"');

  await step(github);
  expect(github.deployments).toHaveLength(1);

  await play.commit("counter/wsgi.py", (text) => `${text}\nimport nowhere\n`);
  expect((await step(github)).outputs["result"]).toBe("kept-old");
  expect(states(github)).toEqual([
    ["in_progress", "success"],
    ["in_progress", "failure"],
  ]);
  expect(github.problems).toEqual([]);
  await play.commit("counter/wsgi.py", (text) => text.replace("\nimport nowhere\n", "\n# second\n"));
});

it("deploys also when GitHub is down, and says what was not recorded", async () => {
  const github = await startGithub();
  github.broken = { status: 503 };
  const { outputs, code, log, summary } = await step(github);
  expect([code, outputs["result"]]).toEqual([0, "deployed"]);
  expect(log).toContain("GitHub is not available (503)");
  expect(summary).toContain("list of deployments");
});

it("closes the deployment of a cancelled run afterwards, and never a finished one", async () => {
  const github = await startGithub();
  const log_url = "https://github.com/org/site/actions/runs/42";
  github.deployments.push({
    id: 100,
    sent: { ref: "main", environment: "production" },
    statuses: [{ id: 1, sent: { state: "in_progress", log_url } }],
  });
  const state = { STATE_began: "true", STATE_deployment: "100" };
  await step(github, {}, { ...state, STATE_closed: "true" });
  expect(states(github)).toEqual([["in_progress"]]);
  const { code, log } = await step(github, {}, state);
  expect(code).toBe(0);
  expect(states(github)).toEqual([["in_progress", "error"]]);
  expect(log).not.toContain("::error");
  expect(github.problems).toEqual([]);
});

it("refuses another branch and files nothing", async () => {
  const github = await startGithub();
  const { code, outputs, annotations } = await step(github, {}, { GITHUB_REF: "refs/heads/topic" });
  expect([code, outputs["result"]]).toEqual([7, "refused"]);
  expect(annotations[0]).toContain("branches");
  expect(github.deployments).toEqual([]);
});

it("closes its deployment when it is cancelled; the step after the job does for one that was killed", async () => {
  await play.commit("counter/wsgi.py", (text) => `${text}\nimport time\ntime.sleep(30)\n`);
  const ended = async (signal: NodeJS.Signals) => {
    const github = await startGithub();
    const run = await step(github, {}, {}, (child) => {
      const filed = expect.poll(() => states(github), { timeout: 60_000 }).toEqual([["in_progress"]]);
      void filed.then(() => child.kill(signal));
    });
    const before = states(github);
    await step(github, {}, run.state);
    expect([run.code === 0, github.problems]).toEqual([false, []]);
    return { before, after: states(github), result: run.outputs["result"] };
  };
  const own = [["in_progress", "failure"]];
  expect(await ended("SIGINT")).toEqual({ before: own, after: own, result: "kept-old" });
  const late = [["in_progress", "error"]];
  expect(await ended("SIGKILL")).toEqual({ before: [["in_progress"]], after: late, result: undefined });
  expect(await play.page()).toContain("first version");
}, 180_000);
