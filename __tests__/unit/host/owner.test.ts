import { expect, test } from "vitest";
import { checkOwner, parseOwner } from "../../../src/host/owner.ts";
import type { Owner } from "../../../src/services/types.ts";
import { managerWiring } from "../../../src/services/wiring.ts";

const owner: Owner = {
  version: 1,
  app: "shop",
  environment: "production",
  repository: "github.com/example/shop",
  user: "shop",
  manager: managerWiring("shop", "systemd"),
  uv: null,
  setup: "0",
};
const config = { app: "shop", environment: "production" };
const release = { path: "/srv/shop", keep: 5, hooks: {} };
const check = (change: Partial<Owner>, repository: string | null = "github.com/example/shop") =>
  checkOwner({ ...owner, ...change }, { ...config, release }, repository);

test("a folder of this repository and environment is ours, also one that had no remote yet", () => {
  check({});
  check({ repository: null });
});

test.each([
  ["owner.other-app", { app: "blog" }, undefined],
  ["owner.other-environment", { environment: "staging" }, undefined],
  ["owner.other-repository", { repository: "github.com/example/blog" }, undefined],
  ["owner.other-repository", {}, null],
])("%s is refused", (code, change, repository) => {
  expect(() => check(change, repository)).toThrow(expect.objectContaining({ code, exitCode: 7 }));
});

test("what is not owner.json is none", () => {
  expect(parseOwner("{")).toBeNull();
  expect(parseOwner('{"version": 2}')).toBeNull();
  expect(parseOwner(JSON.stringify(owner))).toEqual(owner);
});
