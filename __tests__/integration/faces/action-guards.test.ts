import { describe, expect, it } from "vitest";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { type GithubStandIn, startGithub } from "../../support/github/server.ts";
import { djangoFiles, repository } from "../../support/repository.ts";
import { runStep, type StepRun } from "../../support/runner.ts";

// Rules that GitHub is asked for. They come before any host, which does not exist here.
const yml = (rules: string) => `app: tute
lint: {fail-level: never}
environments:
  production:
    hosts: [203.0.113.10]
    known-hosts: ["SHA256:${"A".repeat(43)}"]
    ${rules}
`;

function deploy(github: GithubStandIn, rules: string, env: Record<string, string> = {}): Promise<StepRun> {
  const { directory } = repository({ ...djangoFiles(), "djdeploy.yml": yml(rules) });
  const inputs = { "ssh-private-key": newDeployKey("t").privateKey, "github-token": "t", tests: "checked" };
  const given = { GITHUB_API_URL: github.url, GITHUB_REF: "refs/heads/main", ...env };
  return runStep(directory, inputs, { env: given });
}

describe("a rule that GitHub is asked for", () => {
  it("require-checks: a red check and a red status refuse, and say which", async () => {
    const github = await startGithub();
    github.checks = { test: "failure", lint: "skipped" };
    github.statuses = { "ci/old": "error" };
    const { code, log, outputs } = await deploy(
      github,
      "require-checks: {names: [test, lint, ci/old], wait: 1m}",
    );
    expect([code, outputs["result"]]).toEqual([7, "refused"]);
    expect(log).toContain("test, ci/old failed");
    expect(github.problems).toEqual([]);
    expect(github.deployments).toEqual([]);
  });

  it("require-checks: green ones let the run go on to its host", async () => {
    const github = await startGithub();
    github.checks = { test: "success", other: "in_progress" };
    github.statuses = { "ci/old": "success" };
    const { code, log } = await deploy(github, "require-checks: {names: [test, ci/old], wait: 1m}", {
      GITHUB_REF_PROTECTED: "true",
    });
    expect(log).not.toContain("is not green");
    expect(code).toBe(5);
    expect(github.problems).toEqual([]);
  });

  it("require-checks: a token without the permission is told the line that grants it", async () => {
    const github = await startGithub();
    github.broken = { status: 403, message: "Resource not accessible by integration" };
    const { code, log } = await deploy(github, "require-checks: {names: [test], wait: 1s}");
    expect(code).toBe(7);
    expect(log).toContain("permissions: {");
    expect(log).toMatch(/(?:checks|statuses): read/);
  });

  it.each([
    [[], 7],
    [["main"], 5],
  ])("require-protected: protected branches are %s, exit code %s", async (branches, code) => {
    const github = await startGithub();
    github.protected = branches;
    const run = await deploy(github, "require-protected: true");
    expect([run.code, github.calls, github.problems]).toEqual([
      code,
      ["GET /repos/org/site/branches/main"],
      [],
    ]);
  });
});

it("GitHub Enterprise Server: the API below /api/v3, every link to the server's own address", async () => {
  const github = await startGithub("/api/v3");
  const { directory } = repository({ ...djangoFiles(), "djdeploy.yml": yml("") });
  const own = { full_name: "org/site" };
  const pull = { number: 7, head: { repo: own }, base: { repo: own } };
  const { code, summary } = await runStep(
    directory,
    { command: "plan", "comment-on-pr": "true", "github-token": "t" },
    {
      env: {
        GITHUB_API_URL: github.url,
        GITHUB_SERVER_URL: "https://git.example.com",
        GITHUB_REF: "refs/pull/7/merge",
      },
      event: { name: "pull_request", payload: { pull_request: pull, repository: own } },
    },
  );
  expect([code, github.problems]).toEqual([0, []]);
  expect(github.comments[0]?.body).toContain("https://git.example.com/org/site/actions/runs/42");
  expect(`${github.comments[0]?.body}${summary}`).not.toContain("//github.com");
});
