import { describe, expect, it } from "vitest";
import { createOctokit } from "../../../src/action/octokit.ts";
import { createClient } from "../../../src/github/client.ts";
import { writeSticky } from "../../../src/github/comment.ts";
import { type GithubStandIn, startGithub } from "../../support/github/server.ts";
import { djangoFiles, repository } from "../../support/repository.ts";
import { runStep } from "../../support/runner.ts";

const client = (github: GithubStandIn) =>
  createClient(createOctokit("t", github.url), {
    owner: "org",
    repo: "site",
    timeoutMs: 5_000,
    pause: async () => {},
  });
const sticky = (github: GithubStandIn, body: string, key = "plan production") =>
  writeSticky(client(github), { number: 7, key, body });
const bodies = (github: GithubStandIn) =>
  github.comments.map(({ body }) => body.split("\n").slice(1).join("\n"));

describe("the comment with the plan", () => {
  it("is written once and edited in place, each environment its own", async () => {
    const github = await startGithub();
    await sticky(github, "one");
    await sticky(github, "staging", "plan staging");
    await sticky(github, "two");
    expect(bodies(github)).toEqual(["two", "staging"]);
    expect(github.problems).toEqual([]);
  });

  it("is found behind many others, and is not somebody's who quotes it", async () => {
    const github = await startGithub();
    const quote = { body: "<!-- django-deploy: plan production -->\nmine", login: "ada" };
    for (let id = 1; id <= 150; id++) github.comments.push({ id, ...quote });
    await sticky(github, "one");
    await sticky(github, "two");
    expect(github.comments).toHaveLength(151);
    expect(bodies(github)[150]).toBe("two");
    expect(github.comments[0]?.body).toContain("mine");
  });

  it("stays one when two runs write at once", async () => {
    const github = await startGithub();
    await Promise.all([sticky(github, "one"), sticky(github, "two")]);
    expect(bodies(github)).toHaveLength(1);
    expect(github.problems).toEqual([]);
  });

  it("is cut at a line where it is too long for GitHub", async () => {
    const github = await startGithub();
    const line = "- a line of the plan\n";
    await sticky(github, `<details>\n${line.repeat(5_000)}</details>`);
    const { body } = github.comments[0]!;
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toContain("did not fit");
    expect(body.match(/<details>/g)).toHaveLength(body.match(/<\/details>/g)!.length);
  });
});

describe("the action on a pull request", () => {
  const project = () =>
    repository({
      ...djangoFiles(),
      "djdeploy.yml": "app: tute\nenvironments: {production: {hosts: [203.0.113.10]}}\n",
    }).directory;
  const own = { full_name: "org/site" };
  const payload = {
    number: 7,
    pull_request: { number: 7, head: { repo: own }, base: { repo: own } },
    repository: own,
  };
  const plan = (github: GithubStandIn) =>
    runStep(
      project(),
      { command: "plan", "comment-on-pr": "true", "github-token": "t" },
      {
        env: { GITHUB_API_URL: github.url, GITHUB_REF: "refs/pull/7/merge" },
        event: { name: "pull_request", payload },
      },
    );

  it("shows what can be said without a key, in the comment and in the summary", async () => {
    const github = await startGithub();
    const { code, summary, annotations } = await plan(github);
    expect([code, annotations]).toEqual([0, []]);
    expect(github.comments[0]?.body).toContain("### Would deploy");
    expect(github.comments[0]?.body).toContain("no host was asked");
    expect(summary).toContain("no host was asked");
    expect(github.problems).toEqual([]);
  });

  it("is green without the permission to comment, and says the line that grants it", async () => {
    const github = await startGithub();
    github.broken = { status: 403, message: "Resource not accessible by integration" };
    const { code, log, summary } = await plan(github);
    expect(code).toBe(0);
    expect(summary).toContain("Would deploy");
    expect(log).toContain("pull-requests: ");
  });
});
