import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inputNames } from "../../../src/action/inputs.ts";
import { workflows } from "../../../src/github/workflows/index.ts";
import { home } from "../../../src/version.ts";
import { actionlint, zizmor } from "../../support/judge-workflow.ts";

const input = {
  action: `${home}@0123456789abcdef0123456789abcdef01234567 # v1.2.3`,
  environment: "production",
  url: "https://www.example.com",
  branch: "main",
  config: null,
  secrets: ["SECRET_KEY", "DATABASE_URL"],
};
const variants = [
  input,
  { ...input, config: "backend/djdeploy.yml", artifact: "backend/build.tar" },
  { ...input, environment: "staging", url: null, config: "backend/djdeploy.yml", secrets: [] },
];

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: object;
  jobs: Record<
    string,
    {
      permissions: object;
      concurrency?: object;
      environment?: { name: string };
      needs?: string;
      steps: Step[];
    }
  >;
}
const read = (given: typeof input | (typeof variants)[number]) =>
  Object.entries(workflows(given)).map(([path, text]) => ({ path, text, workflow: parse(text) as Workflow }));
const built = { ...input, artifact: "backend/build.tar" };
const jobsOf = (given: typeof input) => read(given).flatMap(({ workflow }) => Object.values(workflow.jobs));

describe("the workflows that init writes", () => {
  it.each(variants.flatMap((given) => Object.entries(workflows(given))))(
    "%s passes actionlint",
    async (path, text) => {
      expect(await actionlint(path, text)).toEqual([]);
    },
  );

  it("pass zizmor, where it is installed", () => {
    for (const given of variants) expect(zizmor(workflows(given)) ?? []).toEqual([]);
  });

  it("begin without any permission and say for each job what it needs", () => {
    for (const { workflow } of read(input)) {
      expect(workflow.permissions).toEqual({});
      for (const job of Object.values(workflow.jobs))
        expect(job.permissions).toMatchObject({ contents: "read" });
    }
  });

  it("pin every action by its full SHA", () => {
    const uses = jobsOf(input).flatMap(({ steps }) => steps.map((step) => step.uses ?? ""));
    expect(uses.length).toBeGreaterThan(6);
    for (const one of uses) expect(one).toMatch(/@[0-9a-f]{40}$/);
  });

  it("give our action only inputs that it has, and no script anything to expand", () => {
    for (const { steps } of jobsOf(input))
      for (const step of steps) {
        expect(step.run).toBeUndefined();
        if (!step.uses?.startsWith(home)) continue;
        expect(inputNames).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
      }
  });

  it("release one after the other, and only after lint and tests", () => {
    const [deploy] = read(input);
    const job = deploy?.workflow.jobs["deploy"];
    expect(job).toMatchObject({
      needs: "check",
      concurrency: { group: "deploy-production", "cancel-in-progress": false, queue: "max" },
      environment: { name: "production" },
    });
    expect(job?.steps.at(-1)).toMatchObject({
      with: { tests: "checked", environment: "production" },
      env: { SECRET_KEY: `\${{ secrets.SECRET_KEY }}`, DATABASE_URL: `\${{ secrets.DATABASE_URL }}` },
    });
  });

  it("build beside the tests, where there is no key, and deploy what that job gave the hash of", () => {
    const jobs = read(built)[0]!.workflow.jobs;
    const commands = jobs["check"]!.steps.map((step) => step.with?.["command"] ?? step.uses?.split("@")[0]);
    expect(commands).toEqual(["actions/checkout", "lint", "build", "test", "actions/upload-artifact"]);
    expect(JSON.stringify(jobs["check"])).not.toContain("secrets.");
    const [, download, deploy] = jobs["deploy"]!.steps;
    expect(download?.with).toEqual({ name: "build", path: "backend" });
    expect(deploy?.with).toMatchObject({ "artifact-sha256": `\${{ needs.check.outputs.artifact-sha256 }}` });
    expect(read(input)[0]!.text).not.toContain("artifact");
  });

  it("roll back in an environment and a group of their own", () => {
    const rollback = read(input)[2]?.workflow;
    expect(Object.keys(rollback?.on ?? {})).toEqual(["workflow_dispatch"]);
    expect(rollback?.jobs["rollback"]).toMatchObject({
      environment: { name: "production-rollback" },
      concurrency: { group: "rollback-production" },
    });
  });

  it("never show a plan any secret of the release", () => {
    const plan = read(input)[1];
    expect(plan?.text).not.toContain("SECRET_KEY");
    expect(Object.keys(plan?.workflow.on ?? {})).toEqual(["pull_request"]);
  });

  it("name the configuration where it is not at the top", () => {
    for (const { steps } of read(variants[2]!).flatMap(({ workflow }) => Object.values(workflow.jobs)))
      for (const step of steps)
        if (step.uses?.startsWith(home)) expect(step.with).toMatchObject({ config: "backend/djdeploy.yml" });
  });
});
