import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inputNames } from "../../../src/action/inputs.ts";
import { home } from "../../../src/version.ts";
import { actionlint, zizmor } from "../../support/judge-workflow.ts";

interface Job {
  permissions?: object;
  uses?: string;
  secrets?: object;
  steps?: { uses?: string; with?: object }[];
}
interface Workflow {
  permissions?: object;
  jobs: Record<string, Job>;
}

const pages = ["README.md", ...readdirSync("docs").map((name) => `docs/${name}`)];

/** Every fenced block of yaml that is a workflow, by page and line; one that does not parse is none. */
const examples = pages.flatMap((page) => {
  const text = readFileSync(page, "utf8");
  return [...text.matchAll(/^( *)```ya?ml\n([\s\S]*?)^\1```$/gm)].flatMap(({ index, 2: block = "" }) => {
    const line = text.slice(0, index).split("\n").length;
    let value: unknown = null;
    try {
      value = parse(block);
    } catch {}
    if (value === null || typeof value !== "object" || !("jobs" in value)) return [];
    return [{ path: `${page}:${line}`, text: block, workflow: value as Workflow }];
  });
});

describe("the workflows that README and docs show", () => {
  it("are found: README's, the action's page, three callers", () => {
    const count = (page: string) => examples.filter(({ path }) => path.startsWith(`${page}:`)).length;
    expect([count("README.md"), count("docs/action.md"), count("docs/github.md")]).toEqual([1, 1, 3]);
  });

  it("no block is hidden from this: what names a step's or a job's `uses:` is a whole workflow", () => {
    const whole = examples.map(({ text }) => text).join("\n");
    for (const page of pages)
      for (const [, used] of readFileSync(page, "utf8").matchAll(/^ +(?:- )?uses: (.+)$/gm))
        expect(whole, page).toContain(`uses: ${used}`);
  });

  it.each(examples)("$path passes actionlint", async ({ path, text }) => {
    expect(await actionlint(".github/workflows/example.yml", text), path).toEqual([]);
  });

  it("pass zizmor with our policy, where it is installed", () => {
    const files = Object.fromEntries(
      examples.map(({ text }, index) => [`.github/workflows/${index}.yml`, text]),
    );
    expect(zizmor(files, ".github/zizmor.yml") ?? []).toEqual([]);
  });

  it.each(examples)(
    "$path begins without permissions and pins whatever is not ours by commit",
    ({ workflow }) => {
      expect(workflow.permissions).toEqual({});
      for (const { uses, steps = [], permissions } of Object.values(workflow.jobs)) {
        expect(permissions).toMatchObject({ contents: "read" });
        for (const one of [uses, ...steps.map((step) => step.uses)])
          if (one !== undefined && !one.startsWith(`${home}/`) && !one.startsWith(`${home}@`))
            expect(one).toMatch(/@[0-9a-f]{40}$/);
      }
    },
  );

  it.each(examples)(
    "$path gives our action only inputs that it has, and the key by its one name",
    ({ text, workflow }) => {
      for (const { steps = [] } of Object.values(workflow.jobs))
        for (const step of steps.filter(({ uses }) => uses?.startsWith(`${home}@`)))
          expect(inputNames).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
      const secrets = [...text.matchAll(/secrets\.([\w-]+)/g)].map(([, name]) => name);
      expect(["SSH_PRIVATE_KEY", "SECRET_KEY", "DJDEPLOY_SECRETS"]).toEqual(expect.arrayContaining(secrets));
      if (/deploy|rollback/.test(Object.keys(workflow.jobs).join()))
        expect(text).toContain("deployments: write");
    },
  );

  it("actions of others are one version everywhere", () => {
    const used = new Map<string, Set<string>>();
    for (const { text } of examples)
      for (const [, name, ref] of text.matchAll(/uses: ([\w.-]+\/[\w.-]+)@(.+)$/gm))
        used.set(name!, (used.get(name!) ?? new Set()).add(ref!));
    for (const [name, refs] of used) expect([name, refs.size]).toEqual([name, 1]);
  });
});
