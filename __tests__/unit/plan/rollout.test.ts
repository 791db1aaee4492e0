import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import { DeployError, ExitCode } from "../../../src/errors.ts";
import { goesOn, mayNotFail, rolloutBatches } from "../../../src/plan/rollout.ts";
import { configOf } from "../../support/setup.ts";

test.each([
  [1, 1, "50%", ["a"]],
  [2, 1, "50%", ["a", "b"]],
  [3, 1, "50%", ["a", "bc"]],
  [4, 1, "25%", ["a", "b", "c", "d"]],
  [5, 1, "50%", ["a", "bcd", "e"]],
  [5, 0, "100%", ["abcde"]],
  [3, 9, "50%", ["abc"]],
] as const)("%i hosts, canary %i, batch %s", (count, canary, batch, expected) => {
  const hosts = [..."abcdefgh"].slice(0, count);
  expect(rolloutBatches(hosts, { canary, batch }).map((one) => one.join(""))).toEqual(expected);
});

test("every host is switched exactly once, in order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer()),
      fc.nat(5),
      fc.integer({ min: 1, max: 100 }),
      (hosts, canary, share) => {
        const batches = rolloutBatches(hosts, { canary, batch: `${share}%` });
        expect(batches.flat()).toEqual(hosts);
        expect(batches.every((batch) => batch.length > 0)).toBe(true);
      },
    ),
  );
});

describe("rollout.max-failures", () => {
  let config: Config;
  beforeAll(async () => {
    config = await configOf(`app: shop
processes: {worker: {command: ./work, roles: [jobs]}}
environments:
  production:
    hosts: [web1, web2, web3, {host: both, roles: [web, jobs]}, {host: jobs1, roles: [jobs]}]
    rollout: {max-failures: 2}
`);
  });
  const failed = (code = "venv.install", exitCode: ExitCode = ExitCode.failed) =>
    new DeployError(code, exitCode, "it failed");
  const goes = (hosts: string[], more: object = {}, error = failed()) =>
    goesOn(config, {
      now: hosts.map((host) => ({ host, error })),
      before: 0,
      left: ["web1"],
      canary: false,
      ...more,
    });

  test("as many as it says, over the whole run", () => {
    expect(goes(["web2"])).toBe(true);
    expect(goes(["web2", "web3"])).toBe(true);
    expect(goes(["web2"], { before: 1 })).toBe(true);
    expect(goes(["web2"], { before: 2 })).toBe(false);
    expect(goes(["web2", "web3"], { before: 1 })).toBe(false);
  });

  test("never a canary, and never the last one that serves", () => {
    expect(goes(["web2"], { canary: true })).toBe(false);
    expect(goes(["web2"], { left: [] })).toBe(false);
  });

  test("never one that others can not stand in for", () => {
    expect(goes(["jobs1"])).toBe(false);
    expect(goes(["both"])).toBe(false);
    expect(mayNotFail(config, "both")).toContain("it runs worker");
    expect(mayNotFail(config, "web1")).toBeNull();
  });

  test.each<[string, ExitCode, boolean]>([
    ["ssh.timeout", ExitCode.unreachable, true],
    ["ssh.host-key-changed", ExitCode.unreachable, false],
    ["ssh.auth-failed", ExitCode.unreachable, false],
    ["lock.held", ExitCode.locked, false],
    ["env.secret-missing", ExitCode.usage, false],
    ["guard.ancestry", ExitCode.refused, false],
    ["check.findings", ExitCode.lint, false],
    ["cancelled", ExitCode.failed, false],
    ["front.failed", ExitCode.failed, true],
  ])("%s counts as the host's own: %s %s", (code, exitCode, expected) => {
    expect(goes(["web2"], {}, failed(code, exitCode))).toBe(expected);
  });
});
