import { expect, test } from "vitest";
import { recordTree } from "../../../src/python/source/tree.ts";
import { workflowValues } from "../../../src/release/workflow-values.ts";

const SECRET = "$" + "{{ secrets.KEY }}";
const workflow = (env: string, action = "acme/django-deploy@v1"): string => `
on: push
env:
  A: top
  B: top
jobs:
  test:
    env: { A: test }
    steps: [{ run: pytest }]
  deploy:
    env: { B: job, C: 2 }
    steps:
      - uses: actions/checkout@v6
      - uses: ${action}
        env: { ${env} }
`;
const NAMES = ["A", "B", "C", "D", "KEY"];
const values = (files: Record<string, string>, names = NAMES): Record<string, string> =>
  workflowValues(
    recordTree(Object.fromEntries(Object.entries(files).map(([k, v]) => [`.github/workflows/${k}`, v]))),
    names,
  );

test("what the deploying step gets, from the workflow, its job and itself", () => {
  const files = { "deploy.yml": workflow(`D: off, KEY: "${SECRET}"`) };
  expect(values(files)).toEqual({ A: "top", B: "job", C: "2", D: "off" });
});

test("only what the project passes on", () => {
  expect(values({ "deploy.yml": workflow("D: x") }, ["D"])).toEqual({ D: "x" });
});

test("nothing that two workflows say differently", () => {
  const files = { "a.yml": workflow("D: x"), "b.yaml": workflow("D: y") };
  expect(values(files)).not.toHaveProperty("D");
  expect(values(files).A).toBe("top");
});

test("the command line deploys as well; other workflows and broken ones say nothing", () => {
  const cli = "jobs: {d: {steps: [{run: djdeploy deploy, env: {D: cli}}]}}";
  expect(values({ "a.yml": cli, "b.yml": "jobs: [", "c.yml": workflow("D: x", "acme/other@v1") })).toEqual({
    D: "cli",
  });
});
