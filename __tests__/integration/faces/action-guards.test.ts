import { describe, expect, it } from "vitest";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { type GithubStandIn, startGithub } from "../../support/github/server.ts";
import { djangoFiles, repository } from "../../support/repository.ts";
import { runStep, type StepRun } from "../../support/runner.ts";
import { guardCases } from "../../unit/github/guard-cases.ts";

// Rules that GitHub is asked for. They come before any host, which does not exist here.
const yml = (rules: string) => `app: tute
lint: {fail-level: never}
environments:
  production:
    hosts: [203.0.113.10]
    known-hosts: ["SHA256:${"A".repeat(43)}"]
    ${rules}
`;

const key = newDeployKey("t").privateKey;

function deploy(github: GithubStandIn, rules: string, env: Record<string, string> = {}): Promise<StepRun> {
  const { directory } = repository({ ...djangoFiles(), "djdeploy.yml": yml(rules) });
  const inputs = { "ssh-private-key": key, "github-token": "t", tests: "checked" };
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

/** The rows of docs/github.md that need no host to say something; each by the committed bundle, with its event. */
it("every trigger: what the table says is what the action does, and only a refusal is said to be one", async () => {
  const github = await startGithub();
  const rows = guardCases.filter(({ host }) => host === undefined);
  const queue = rows.entries();
  const seen: unknown[] = [];
  const lane = async () => {
    for (const [at, row] of queue) {
      const { branches, requireProtected } = row.rules ?? {};
      const rules = [
        ...(branches ? [`branches: ${JSON.stringify(branches)}`] : []),
        ...(requireProtected === undefined ? [] : [`require-protected: ${requireProtected}`]),
      ];
      const { directory } = repository({ ...djangoFiles(), "djdeploy.yml": yml(rules.join("\n    ")) });
      const inputs = {
        "ssh-private-key": key,
        "github-token": "t",
        tests: "checked",
        force: row.force ?? "",
      };
      const event = { name: row.env["GITHUB_EVENT_NAME"]!, payload: row.payload ?? {} };
      const env = { GITHUB_API_URL: github.url, ...row.env };
      const { code, outputs } = await runStep(directory, inputs, { env, event });
      seen[at] = [row.event, row.guard, code, outputs["result"]];
    }
  };
  await Promise.all([lane(), lane(), lane()]);
  // What may deploy goes on to its host, which cannot be reached here.
  const expected = rows.map(({ event, guard, outcome }) =>
    outcome.startsWith("guard.") ? [event, guard, 7, "refused"] : [event, guard, 5, "kept-old"],
  );
  expect(seen).toEqual(expected);
  expect(new Set(github.calls)).toEqual(new Set(["GET /repos/org/site/branches/main"]));
  expect(github.problems).toEqual([]);
}, 120_000);

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
