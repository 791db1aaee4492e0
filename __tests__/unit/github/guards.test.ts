import { describe, expect, it } from "vitest";
import type { DeployError } from "../../../src/errors.ts";
import type { GithubApi } from "../../../src/github/api.ts";
import { requireGreen } from "../../../src/github/checks.ts";
import { refusedEvent } from "../../../src/github/event.ts";
import { judgeProtection, mayDeploy, refusedCommit, refusedRef } from "../../../src/github/guards.ts";
import { readTrigger } from "../../../src/github/trigger.ts";
import type { Hold, HostFacts, Manifest } from "../../../src/host/types.ts";
import { heldBack, rerun } from "../../../src/release/history.ts";
import { type GuardCase, guardCases } from "./guard-cases.ts";

const runUrl = "https://github.com/acme/shop/actions/runs/7";
const hold: Hold = { release: "r1", actor: "ada", at: 0, reason: "rollback from r2", runUrl: null };
const before = { id: "r0", state: "superseded", runUrl, live: false } as Manifest;

/** The rules in the order in which a run meets them. */
function outcome({ env, payload = {}, rules = {}, host = {}, force }: GuardCase): string {
  const event = refusedEvent(env["GITHUB_EVENT_NAME"] ?? "", payload);
  if (event) return event.code;
  const trigger = readTrigger(env, payload)!;
  const source = {
    environment: "production",
    branches: ["main"],
    requireProtected: "warn" as const,
    ...rules,
  };
  const { refused, note } = judgeProtection(source, trigger.ref?.name ?? "", trigger.protected);
  const facts = {
    hold: host.held ? hold : null,
    releases: host.wasLive ? [before] : [],
  } as unknown as HostFacts;
  const at = { name: "web1", facts };
  const errors = [
    refusedRef(source, trigger),
    refused,
    heldBack({ trigger }, at),
    rerun({ trigger, runUrl }, at),
  ];
  const first = errors.find((error) => error !== null);
  if (first && force === undefined) return first.code;
  return first || note ? "deploys, with a warning" : "deploys";
}

describe("the table of docs/github.md", () => {
  it.each(guardCases)("$event ($guard): $outcome", (row) => {
    expect(outcome(row)).toBe(row.outcome);
  });
});

describe("a refusal says which rule, and how to satisfy it", () => {
  const rules = { environment: "production", branches: ["main"], requireProtected: true };
  const trigger = (env: Record<string, string>) => readTrigger({ GITHUB_EVENT_NAME: "push", ...env }, {})!;

  it("for a branch", () => {
    const error = refusedRef(rules, trigger({ GITHUB_REF: "refs/heads/topic" }));
    expect(error).toMatchObject({
      exitCode: 7,
      message: "the branch topic may not be deployed to production",
      details: { expected: "branches: main (djdeploy.yml)", hint: expect.stringContaining("branches") },
    });
  });

  it("for a tag, with the line to write", () => {
    const error = refusedRef(rules, trigger({ GITHUB_REF: "refs/tags/v1" }));
    expect(error?.details.hint).toContain("branches: [main, tags/v*]");
  });

  it("for a commit of a command line", () => {
    expect(refusedCommit(rules, [{ type: "branch", name: "topic" }])?.message).toContain("topic");
    expect(refusedCommit(rules, [])?.message).toContain("no branch");
    expect(
      refusedCommit(rules, [
        { type: "branch", name: "topic" },
        { type: "branch", name: "main" },
      ]),
    ).toBeNull();
  });

  it("for a hold, with who, when and why", () => {
    const error = heldBack({ trigger: trigger({}) }, { name: "web1", facts: { hold } as HostFacts });
    expect(error?.message).toBe("web1 holds r1 since 1970-01-01 00:00 UTC (rollback from r2, ada)");
    expect(error?.details.hint).toContain("djdeploy hold ENV --off");
  });
});

it("patterns: a star is one level, two are all, tags are named as tags", () => {
  const branch = (name: string) => ({ type: "branch" as const, name });
  expect(mayDeploy(branch("release/1"), ["release/*"])).toBe(true);
  expect(mayDeploy(branch("release/1/x"), ["release/*"])).toBe(false);
  expect(mayDeploy(branch("release/1/x"), ["release/**"])).toBe(true);
  expect(mayDeploy(branch("mainx"), ["main"])).toBe(false);
  expect(mayDeploy(branch("a.b"), ["a?b", "a.c"])).toBe(false);
  expect(mayDeploy(branch("tags/v1"), ["tags/v*"])).toBe(false);
});

it("outside of a workflow there is no trigger; without a ref there is nothing to refuse", () => {
  expect(readTrigger({ GITHUB_REF: "refs/heads/main" }, {})).toBeNull();
  const trigger = readTrigger({ GITHUB_EVENT_NAME: "push" }, {})!;
  expect(refusedRef({ environment: "p", branches: ["main"], requireProtected: false }, trigger)).toBeNull();
});

describe("require-checks", () => {
  type State = "success" | "failure" | "pending";
  const sha = "0123456789abcdef0123456789abcdef01234567";

  /** A GitHub whose answers come one after the other, and a clock that only waiting moves. */
  async function wait(answers: (Record<string, State> | null)[], names = ["test"]) {
    let asked = 0;
    let clock = 0;
    const told: string[][] = [];
    const api: GithubApi = {
      unavailable: "403, grant checks: read",
      isProtected: async () => null,
      checks: async () => {
        const answer = answers[Math.min(asked++, answers.length - 1)];
        return answer ? Object.entries(answer).map(([name, state]) => ({ name, state })) : null;
      },
    };
    const error = await requireGreen(api, sha, {
      names,
      waitMs: 30_000,
      pause: async (ms) => {
        clock += ms;
      },
      now: () => clock,
      cancelled: () => false,
      onWait: (open) => told.push(open),
    }).then(
      () => null,
      (thrown: DeployError) => thrown,
    );
    return { error, asked, told };
  }

  it("passes at once when green", async () => {
    expect(await wait([{ test: "success", other: "failure" }])).toEqual({ error: null, asked: 1, told: [] });
  });

  it("waits for a check that is not there yet, and says so once", async () => {
    const { error, told, asked } = await wait([{}, { test: "pending" }, { test: "success" }]);
    expect([error, told, asked]).toEqual([null, [["test"]], 3]);
  });

  it("refuses a red one without waiting", async () => {
    const { error, asked } = await wait([{ test: "failure", lint: "pending" }], ["lint", "test"]);
    expect([error?.exitCode, error?.details.seen, asked]).toEqual([7, "test failed", 1]);
  });

  it("refuses when the time is over", async () => {
    const { error } = await wait([{ test: "pending" }]);
    expect(error?.details.seen).toBe("test did not come in time");
  });

  it("refuses when GitHub cannot be asked, with the reason", async () => {
    const { error } = await wait([null]);
    expect(error).toMatchObject({
      exitCode: 7,
      details: { seen: "GitHub could not be asked: 403, grant checks: read" },
    });
  });
});
