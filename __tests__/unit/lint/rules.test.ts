import { describe, expect, test } from "vitest";
import { allRules, explain } from "../../../src/lint/index.ts";
import { accessCases } from "./cases/access.ts";
import { codeCases } from "./cases/code.ts";
import { deploymentCases } from "./cases/deployment.ts";
import { repositoryCases } from "./cases/repository.ts";
import { securityCases } from "./cases/security.ts";
import { serviceCases } from "./cases/services.ts";
import { storageCases } from "./cases/storage.ts";
import { lintText, SOUND, verdict } from "./judge-of.ts";

const cases = [
  ...securityCases,
  ...accessCases,
  ...storageCases,
  ...serviceCases,
  ...deploymentCases,
  ...codeCases,
  ...repositoryCases,
];

describe("every rule holds where it should, and not beside it", () => {
  test.each(cases)("%s: %s", (id, raising, near, { near: other, as = "certain", ...options } = {}) => {
    expect(verdict(lintText(`${SOUND}\n${raising}`, options), id)).toBe(as);
    expect(verdict(lintText(`${SOUND}\n${near}`, other ?? options), id)).toBe("pass");
  });

  test.each(allRules().map((rule) => rule.id))("%s has a case and a near miss", (id) => {
    expect(cases.map(([one]) => one)).toContain(id);
  });
});

test("every id is explained, once", () => {
  const ids = allRules().map((r) => r.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, why, fix, title } of allRules()) {
    expect(explain(id)?.title, id).toBe(title);
    expect(why.length * fix.length, id).toBeGreaterThan(0);
  }
});

test("a misspelt secret is not shown", () => {
  const text = JSON.stringify(lintText(`${SOUND}\nSTRIPE_SECRET = 'k2jh34kjh2k3j4h'`));
  expect(text).not.toContain("k2jh34kjh2k3j4h");
});
