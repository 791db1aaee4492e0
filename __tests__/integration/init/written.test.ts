import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { actProgram, runByAct } from "../../support/act.ts";
import { djdeploy } from "../../support/cli.ts";
import { startGithub } from "../../support/github/server.ts";
import { runWorkflow, type WorkflowRun } from "../../support/workflow.ts";
import { type Playground, startPlayground } from "../release/playground.ts";

// What init writes, run as GitHub would run it; each test goes on where the one before ended.
let play: Playground;
beforeAll(async () => {
  play = await startPlayground();
});
afterAll(() => play?.stop());

const home = "visits/templates/visits/home.html";
const git = (...args: string[]) =>
  execFileSync("git", ["-C", play.project, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
const production = () => readFileSync(join(play.project, "counter/settings/production.py"), "utf8");
const migration = `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [migrations.AddField("Counter", "note", models.TextField(default=""))]
`;
const secrets = () => ({
  SSH_PRIVATE_KEY: play.host.privateKey,
  SECRET_KEY: "a-long-and-random-enough-key-for-tests-0123456789-_xyzq",
});

async function workflow(name: string, event: WorkflowRun["event"], more: Partial<WorkflowRun> = {}) {
  const github = await startGithub();
  const env = {
    GITHUB_REF: "refs/heads/main",
    GITHUB_REF_PROTECTED: "true",
    GITHUB_API_URL: github.url,
    "INPUT_GITHUB-TOKEN": "t",
  };
  const run = { secrets: secrets(), event, ...more, env: { ...env, ...more.env } };
  const steps = await runWorkflow(play.project, `.github/workflows/${name}.yml`, run);
  expect(github.problems).toEqual([]);
  const filed = github.deployments.map(({ sent, statuses }) => [
    sent["task"],
    ...statuses.map((status) => status.sent["state"]),
  ]);
  return { steps, filed, comments: github.comments, last: steps.at(-1)!.result };
}

it("init writes what a push then deploys", async () => {
  const file = join(play.project, "djdeploy.yml");
  rmSync(file);
  const { ssh, site, front } = play.host;
  const words = ["--yes", "--host", `${ssh.host}:${ssh.port}`, "--url", "http://counter.example.com"];
  // Without `include` in git: what it makes is there only where it was built.
  const made = "visits/static/made";
  const built = ["--build", `mkdir -p ${made} && git rev-parse HEAD > ${made}/commit.txt`, "--include", made];
  const { code, stderr } = await djdeploy(["init", ...words, ...built], { cwd: play.project });
  expect([code, stderr]).toEqual([0, ""]);
  // What a host without root and nginx needs, and the pins that init asks a person to compare.
  const written = parse(readFileSync(file, "utf8"));
  Object.assign(written, {
    server: { manager: "supervisord", workers: 1 },
    release: { path: site },
    test: { command: false },
  });
  Object.assign(written.environments.production, {
    nginx: "none",
    front: { port: front.port },
    "known-hosts": ssh.knownHosts,
  });
  writeFileSync(file, stringify(written));
  git("add", "-A");
  git("commit", "-qm", "Deploy with django-deploy");
  const { steps, last } = await workflow("deploy", { name: "push" });
  expect(steps.map(({ job, step, result }) => [job, step, result.code, result.annotations])).toEqual([
    ["check", "Settings", 0, expect.anything()],
    ["check", "Build", 0, []],
    ["check", "Tests", 0, []],
    ["deploy", "Deploy", 0, []],
  ]);
  expect(last.outputs["result"]).toBe("deployed");
  expect(last.log).toMatch(/artifact .*build\.tar, 1 file, sha256 [0-9a-f]{64}/);
  expect(last.log).not.toContain("git rev-parse");
  const live = readFileSync(join(site, "releases", last.outputs["release"]!, made, "commit.txt"), "utf8");
  expect(live.trim()).toBe(last.outputs["revision"]);
  expect(await play.page()).toContain("first version");
});

it("deploys nothing that was changed on its way from the job that built it", async () => {
  const onArtifact = (folder: string) => appendFileSync(join(folder, "build.tar"), "x");
  const { last, filed } = await workflow("deploy", { name: "push" }, { onArtifact });
  expect([last.code, last.outputs["result"], filed]).toEqual([7, "refused", []]);
  expect(last.annotations).toEqual([expect.stringContaining("build.tar is not what the earlier job built")]);
}, 60_000);

it("shows a plan for a pull request, without a key too", async () => {
  git("checkout", "-q", "-b", "topic");
  writeFileSync(join(play.project, "visits/migrations/0002_note.py"), migration);
  writeFileSync(join(play.project, "counter/settings/production.py"), `${production()}DEBUG = True\n`);
  git("add", "-A");
  await play.commit("requirements.txt", (text) => text.replace("whitenoise==6.12.0", "whitenoise==6.11.0"));
  // GitHub checks out the merge of the change into the branch it goes to.
  git("checkout", "-q", "-b", "merge", "main");
  git("merge", "-q", "--no-ff", "-m", "Merge", "topic");
  const own = { full_name: "org/site" };
  const payload = { pull_request: { number: 7, head: { repo: own }, base: { repo: own } }, repository: own };
  const event = { name: "pull_request", payload };
  const env = { GITHUB_REF: "refs/pull/7/merge" };
  const known = await workflow("plan", event, { env });
  expect(known.last.code, known.last.log).toBe(0);
  for (const said of [
    "1 new finding since",
    "DEBUG is on",
    "whitenoise 6.12.0 → 6.11.0",
    "visits.0002_note",
    'ALTER TABLE "new__visits_counter" RENAME TO "visits_counter"',
    "Change requirements.txt",
    "**Downtime**: not known: 1 migration is pending",
    "**Units and nginx**",
  ])
    expect(known.last.summary).toContain(said);
  expect(known.comments.map(({ body }) => body)).toEqual([expect.stringContaining("visits.0002_note")]);
  const offline = await workflow("plan", event, { env, secrets: {} });
  expect(offline.last.code).toBe(0);
  for (const said of ["no host was asked", "visits.0002_note", "whitenoise 6.12.0 → 6.11.0", "1 new finding"])
    expect(offline.last.summary).toContain(said);

  // A change that names another host is not connected to: the branch it goes to says where the hosts are.
  await play.commit("djdeploy.yml", (text) => text.replace(/hosts:\n *- .*/, "hosts: [203.0.113.66]"));
  git("checkout", "-q", "-B", "topic");
  git("checkout", "-q", "-B", "merge", "main");
  git("merge", "-q", "--no-ff", "-m", "Merge", "topic");
  const elsewhere = await workflow("plan", event, { env });
  expect([elsewhere.last.code, elsewhere.last.log]).toEqual([0, expect.not.stringContaining("203.0.113.66")]);
  expect(elsewhere.last.summary).toContain("**127.0.0.1**");
  git("checkout", "-q", "main");
  await play.commit(home, (text) => text.replace("first version", "second version"));
}, 180_000);

it("rolls back by the button, and holds until a person deploys", async () => {
  expect((await workflow("deploy", { name: "push" })).last.outputs["result"]).toBe("deployed");
  const event = { name: "workflow_dispatch" };
  const back = await workflow("rollback", event, { inputs: { release: "", migrations: "auto" } });
  expect(back.last.outputs["result"]).toBe("rolled-back");
  expect(back.last.summary).toContain("Releases on the hosts");
  expect(back.filed).toEqual([["rollback", "in_progress", "success"]]);
  expect(await play.page()).toContain("first version");
  const pushed = await workflow("deploy", { name: "push" });
  expect([pushed.last.code, pushed.last.outputs["result"], pushed.filed]).toEqual([7, "refused", []]);
  expect((await workflow("deploy", event)).last.outputs["result"]).toBe("deployed");
  expect(await play.page()).toContain("second version");
}, 180_000);

for (const act of actProgram)
  it("is run by act as it stands, but for two keys that act does not know", async () => {
    await play.commit(home, (text) => text.replace("second version", "third version"));
    git("remote", "add", "origin", "https://github.com/org/site");
    const log = await runByAct(act, play.project, ".github/workflows/deploy.yml", secrets());
    expect(log).toContain("set-output:: result=deployed");
    expect(await play.page()).toContain("third version");
  }, 180_000);
