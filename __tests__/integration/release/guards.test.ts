import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTrigger } from "../../../src/github/trigger.ts";
import { deploy } from "../../../src/release/deploy.ts";
import { hold } from "../../../src/release/hold.ts";
import { rollback } from "../../../src/release/rollback.ts";
import type { DeployOptions, Outcome, RunContext } from "../../../src/release/types.ts";
import { createRedactor } from "../../../src/report/redact.ts";
import { type Playground, startPlayground } from "./playground.ts";

// One host, one story: each test goes on where the one before ended.
let play: Playground;
beforeAll(async () => {
  play = await startPlayground();
});
afterAll(() => play?.stop());

const home = "visits/templates/visits/home.html";
const git = (...args: string[]) =>
  execFileSync("git", ["-C", play.project, ...args], { encoding: "utf8" }).trim();

/** A deploy as a workflow starts it. */
async function deployBy(
  env: Record<string, string>,
  options: Partial<DeployOptions> = {},
  changed: Partial<RunContext> = {},
): Promise<Outcome> {
  const trigger = readTrigger({ GITHUB_REF: "refs/heads/main", ...env }, {})!;
  const context: RunContext = { ...(await play.context()), face: "action", trigger, ...changed };
  return deploy(context, {
    revision: null,
    tests: "skip",
    skipLint: true,
    wait: false,
    force: null,
    ...options,
  });
}
const push = (options?: Partial<DeployOptions>, runUrl = "https://github.com/acme/shop/actions/runs/1") =>
  deployBy({ GITHUB_EVENT_NAME: "push" }, options, { runUrl });
const goBack = async () => rollback(await play.context(), { to: null, migrations: "auto", env: "current" });

describe("the guards of a release", () => {
  it("let a push to main deploy", async () => {
    const { error, report } = await push();
    expect([error, report.result]).toEqual([null, "deployed"]);
  });

  it("refuse another branch before any host is asked", async () => {
    play.events.length = 0;
    const { error, report } = await deployBy({ GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/heads/topic" });
    expect([error?.code, error?.exitCode, report.result]).toEqual(["guard.branch", 7, "refused"]);
    expect(play.events.filter((event) => event.host)).toEqual([]);
  });

  it("refuse a commit that is older than the live one, and yield to a reason", async () => {
    await play.commit(home, (text) => text.replace("first version", "second version"));
    expect((await push({}, "https://github.com/acme/shop/actions/runs/2")).report.result).toBe("deployed");
    const older = { revision: "HEAD~1" };
    const refused = await push(older);
    expect([refused.error?.code, refused.report.result]).toEqual(["guard.ancestry", "refused"]);
    expect(await play.page()).toContain("second version");
    const forced = await push({ ...older, force: "the second one is wrong" });
    expect([forced.error, forced.report.result]).toEqual([null, "deployed"]);
    expect(await play.page()).toContain("first version");
  });

  it("refuse a re-run of a run that was live before", async () => {
    const { error } = await deployBy(
      { GITHUB_EVENT_NAME: "push", GITHUB_RUN_ATTEMPT: "2" },
      {},
      {
        runUrl: "https://github.com/acme/shop/actions/runs/2",
      },
    );
    expect(error?.code).toBe("guard.rerun");
  });

  it("refuse pushes after a rollback, until a person deploys", async () => {
    expect((await push()).report.result).toBe("deployed");
    const live = await play.page();
    expect(live).toContain("second version");
    expect((await goBack()).report.result).toBe("rolled-back");
    const { error, report } = await push({}, "https://github.com/acme/shop/actions/runs/3");
    expect([error?.code, error?.exitCode, report.result]).toEqual(["guard.hold", 7, "refused"]);
    expect(await play.page()).toContain("first version");
    const manual = await deployBy({ GITHUB_EVENT_NAME: "workflow_dispatch" });
    expect([manual.error, manual.report.result]).toEqual([null, "deployed"]);
    expect((await hold(await play.context(), { on: null, off: false })).hosts[0]?.hold).toBeNull();
  });

  it("hold and let go by a word", async () => {
    const context = { ...(await play.context()), redact: createRedactor(["the-key-of-a-host"]) };
    await hold(context, { on: "sale until Monday the-key-of-a-host", off: false });
    expect((await push()).error?.message).toContain("sale until Monday ***");
    await hold(await play.context(), { on: null, off: true });
    expect((await push()).report.result).toBe("unchanged");
  });

  it("say that a shallow clone does not know what is older", async () => {
    await play.commit(home, (text) => text.replace("second version", "third version"));
    const shallow = `${play.project}-shallow`;
    execFileSync("git", ["clone", "-q", "--depth=1", `file://${play.project}`, shallow]);
    execFileSync("git", ["-C", shallow, "remote", "remove", "origin"]);
    const context = await play.context();
    play.events.length = 0;
    const outcome = await deployBy(
      { GITHUB_EVENT_NAME: "push" },
      {},
      {
        config: { ...context.config, directory: shallow, file: `${shallow}/djdeploy.yml` },
      },
    );
    expect([outcome.error, outcome.report.result]).toEqual([null, "deployed"]);
    expect(play.events.map((event) => event.message).join("\n")).toContain("fetch-depth: 0");
    expect(git("status", "--porcelain")).toBe("");
  });
});
