import { describe, expect, it } from "vitest";
import { createOctokit } from "../../../src/action/octokit.ts";
import { createClient } from "../../../src/github/client.ts";
import { closeUnfinished, createDeploymentRecord } from "../../../src/github/deployments.ts";
import type { Report } from "../../../src/report/event.ts";
import { type GithubStandIn, startGithub } from "../../support/github/server.ts";

const sha = "0123456789abcdef0123456789abcdef01234567";
const runUrl = "https://github.com/org/site/actions/runs/42";
const report = (result: Report["result"], release: string): Report => ({
  result,
  environment: "production",
  release,
  previousRelease: null,
  revision: sha,
  url: null,
  durationMs: 1,
  hosts: [],
  steps: [],
});

/** Octokit as the action makes it, waiting without time passing. */
function client(github: GithubStandIn, waits: number[] = [], timeoutMs = 5_000) {
  const octokit = createOctokit("a-token", github.url);
  return createClient(octokit, {
    owner: "org",
    repo: "site",
    timeoutMs,
    pause: async (ms) => void waits.push(ms),
  });
}

function record(github: GithubStandIn, waits: number[] = [], filed: number[] = []) {
  return createDeploymentRecord({
    client: client(github, waits, github.broken === "silence" ? 50 : 5_000),
    environment: "production",
    task: "deploy",
    logUrl: runUrl,
    environmentUrl: "https://www.example.com",
    patience: () => new Promise(() => {}),
    onFiled: (id) => filed.push(id),
  });
}

const states = (github: GithubStandIn) =>
  github.deployments.map(({ statuses }) => statuses.map(({ sent }) => sent["state"]));

async function whole(github: GithubStandIn, result: Report["result"], release: string, waits: number[] = []) {
  const one = record(github, waits);
  one.begin({ release, revision: sha, hosts: ["web1"] });
  await one.end(report(result, release));
  return one.problem();
}

describe("GitHub's list of deployments", () => {
  it("shows a run in progress, then its success, with log and address", async () => {
    const github = await startGithub();
    expect(await whole(github, "deployed", "r1")).toBeNull();
    expect(states(github)).toEqual([["in_progress", "success"]]);
    const [{ sent, statuses }] = github.deployments as [GithubStandIn["deployments"][0]];
    expect(sent).toMatchObject({
      ref: sha,
      environment: "production",
      payload: { release: "r1", hosts: ["web1"] },
    });
    expect(statuses[1]?.sent).toMatchObject({
      log_url: "https://github.com/org/site/actions/runs/42",
      environment_url: "https://www.example.com",
    });
    expect(github.problems).toEqual([]);
  });

  it("lets only the newest success be active, and a failure change nothing of that", async () => {
    const github = await startGithub();
    await whole(github, "deployed", "r1");
    await whole(github, "reverted", "r1");
    await whole(github, "deployed", "r2");
    expect(states(github)).toEqual([
      ["in_progress", "success", "inactive"],
      ["in_progress", "failure"],
      ["in_progress", "success"],
    ]);
    expect(github.problems).toEqual([]);
  });

  it("holds nothing of a run that never came to a host", async () => {
    const github = await startGithub();
    const one = record(github);
    await one.end(report("refused", "r1"));
    expect([github.calls, one.problem()]).toEqual([[], null]);
  });

  it.each([
    ["limited, with a time", { status: 429, headers: { "retry-after": "3" } }, 3_000],
    ["limited, the other way", { status: 403, headers: { "retry-after": "2" } }, 2_000],
  ])("waits where GitHub is %s", async (_, fault, waited) => {
    const github = await startGithub();
    github.faults.push(fault);
    const waits: number[] = [];
    expect(await whole(github, "deployed", "r1", waits)).toBeNull();
    expect(waits).toEqual([waited]);
    expect(states(github)).toEqual([["in_progress", "success"]]);
  });

  it("asks again where GitHub is out of order for a moment", async () => {
    const github = await startGithub();
    github.faults.push({ status: 502 }, { status: 502 });
    const waits: number[] = [];
    expect(await whole(github, "deployed", "r1", waits)).toBeNull();
    expect(waits).toEqual([500]);
    expect(states(github)).toEqual([["in_progress", "success"]]);
  });

  it.each([
    [
      "the token lacks the permission",
      { status: 403, message: "Resource not accessible by integration" },
      "permissions: {deployments: write}",
    ],
    ["the limit lasts for an hour", { status: 403, headers: { "retry-after": "3600" } }, "limits the rate"],
    ["GitHub is down", { status: 503 }, "GitHub is not available (503)"],
    ["GitHub is silent", "silence" as const, "did not answer in time"],
    ["the token is wrong", { status: 401 }, "does not accept the token"],
  ])("says what is missing where %s", async (_, broken, words) => {
    const github = await startGithub();
    github.broken = broken;
    expect(await whole(github, "deployed", "r1")).toContain(words);
    expect(github.deployments).toEqual([]);
  });

  it("is filed once, also where GitHub's answer is lost on the way", async () => {
    const github = await startGithub();
    github.lost = 1;
    expect(await whole(github, "deployed", "r1")).toBeNull();
    expect(states(github)).toEqual([["in_progress", "success"]]);
    expect(github.calls.slice(0, 2)).toEqual([
      "POST /repos/org/site/deployments",
      "GET /repos/org/site/deployments",
    ]);
  });

  it("is not waited for when the release is done", async () => {
    const github = await startGithub();
    const one = createDeploymentRecord({
      client: { call: () => new Promise(() => {}) },
      environment: "production",
      task: "rollback",
      logUrl: null,
      environmentUrl: null,
      patience: async () => {},
      onFiled: () => {},
    });
    one.begin({ release: "r1", revision: sha, hosts: ["web1"] });
    await one.end(report("rolled-back", "r1"));
    expect(one.problem()).toContain("in time");
    expect(github.calls).toEqual([]);
  });

  it("is closed by the step after a run that could not", async () => {
    const github = await startGithub();
    const filed: number[] = [];
    const one = record(github, [], filed);
    one.begin({ release: "r1", revision: sha, hosts: ["web1"] });
    await expect.poll(() => states(github)).toEqual([["in_progress"]]);
    await closeUnfinished(client(github), filed[0]!, runUrl);
    expect(states(github)).toEqual([["in_progress", "error"]]);
    expect(github.problems).toEqual([]);
  });

  it("is left alone by the step after another run, whose number was forged, and when it has ended", async () => {
    const github = await startGithub();
    const filed: number[] = [];
    const one = record(github, [], filed);
    one.begin({ release: "r1", revision: sha, hosts: ["web1"] });
    await expect.poll(() => states(github)).toEqual([["in_progress"]]);
    await closeUnfinished(client(github), filed[0]!, runUrl.replace("42", "43"));
    await closeUnfinished(client(github), filed[0]!, null);
    expect(states(github)).toEqual([["in_progress"]]);
    await one.end(report("deployed", "r1"));
    await closeUnfinished(client(github), filed[0]!, runUrl);
    expect(states(github)).toEqual([["in_progress", "success"]]);
    expect(github.problems).toEqual([]);
  });
});
