import { expect, it } from "vitest";
import type { EventPayload } from "../../../src/github/event.ts";
import { readTrigger } from "../../../src/github/trigger.ts";
import { readProject } from "../../../src/project/index.ts";
import type { Recorder } from "../../../src/release/recorder.ts";
import { requireSource } from "../../../src/release/source.ts";
import type { RunContext } from "../../../src/release/types.ts";
import { configFor, djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";

// Which commit a workflow's run may deploy, by what its checkout knows of it.

const own = { full_name: "acme/shop" };
const afterRun: EventPayload = {
  repository: own,
  // Of a run that the push of a tag started GitHub gives the tag's name here, as if it were a branch.
  workflow_run: { event: "push", head_branch: "main", head_repository: own, repository: own },
};

/** A clone as actions/checkout leaves it: the commit, and no branch that is checked out. */
function checkout({ depth }: { depth?: number }) {
  const origin = repository(djangoFiles());
  const merged = origin.commit("Merged");
  origin.git("checkout", "-q", "-b", "topic");
  const stray = origin.commit("Not merged");
  origin.git("tag", "main", "topic");
  origin.git("checkout", "-q", "refs/heads/main");
  const directory = temporaryFolder();
  const clone = repository({}, directory);
  clone.git("remote", "add", "origin", `file://${origin.directory}`);
  const refs = ["+refs/heads/main:refs/remotes/origin/main", "+refs/tags/*:refs/tags/*"];
  clone.git("fetch", "-q", ...(depth ? [`--depth=${depth}`] : []), "origin", ...refs);
  return { clone, merged, stray };
}

async function judged(
  directory: string,
  {
    name,
    payload = {},
    revision = null,
    sha = "",
  }: { name: string; payload?: EventPayload; revision?: string | null; sha?: string },
): Promise<string> {
  const config = {
    ...configFor(directory),
    environment: "production",
    branches: ["main"],
    requireProtected: false,
    requireChecks: { names: [], waitMs: 0 },
  };
  const env = { GITHUB_EVENT_NAME: name, GITHUB_REF: "refs/heads/main", GITHUB_SHA: sha };
  const trigger = readTrigger(env, payload);
  const voice = { note() {}, summary() {} };
  const recorder = { step: (_: string, __: null, work: (of: object) => Promise<void>) => work(voice) };
  const context = { config, trigger } as unknown as RunContext;
  const project = await readProject(config, revision);
  return requireSource(context, project, { force: null }, recorder as unknown as Recorder).then(
    () => "deploys",
    (error) => `${error.code} ${error.details.hint}`,
  );
}

const run = { name: "workflow_run", payload: afterRun };

it("after another run: the commit has to be of the branch that the run is said to be of", async () => {
  const { clone, merged, stray } = checkout({});
  clone.git("checkout", "-q", "--detach", merged);
  expect(await judged(clone.directory, run)).toBe("deploys");
  clone.git("checkout", "-q", "--detach", stray);
  expect(await judged(clone.directory, run)).toMatch(/^guard\.branch/);
});

it("what a shallow checkout does not know is not taken on trust, but for the commit of the run's own ref", async () => {
  const { clone, merged, stray } = checkout({ depth: 1 });
  clone.git("checkout", "-q", "--detach", stray);
  expect(await judged(clone.directory, run)).toMatch(/^guard\.branch.*fetch-depth: 0/);
  clone.git("checkout", "-q", "--detach", merged);
  const by = { name: "workflow_dispatch", sha: merged };
  expect(await judged(clone.directory, by)).toBe("deploys");
  expect(await judged(clone.directory, { ...by, revision: merged })).toBe("deploys");
  expect(await judged(clone.directory, { ...by, revision: stray })).toMatch(/^guard\.branch.*fetch-depth: 0/);
});

it("the run's own ref says nothing of another commit that is checked out: a pull request's, for a comment on it", async () => {
  for (const [depth, why] of [
    [undefined, /^guard\.branch/],
    [1, /^guard\.branch.*fetch-depth: 0/],
  ] as const) {
    const { clone, merged, stray } = checkout(depth ? { depth } : {});
    clone.git("checkout", "-q", "--detach", stray);
    for (const name of ["issue_comment", "workflow_dispatch", "push"]) {
      expect(await judged(clone.directory, { name, sha: merged })).toMatch(why);
      expect(await judged(clone.directory, { name, sha: merged, revision: stray })).toMatch(why);
    }
    clone.git("checkout", "-q", "-B", "main", merged);
    expect(await judged(clone.directory, { name: "workflow_dispatch", sha: stray })).toBe("deploys");
  }
});
