import fc from "fast-check";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { asDeployError } from "../../../src/errors.ts";
import { workflows } from "../../../src/github/workflows/index.ts";

const input = {
  action: "owner/name@0123456789abcdef0123456789abcdef01234567 # v1.2.3",
  environment: "production",
  url: "https://www.example.com",
  branch: "main",
  config: "djdeploy.yml",
  secrets: ["SECRET_KEY", "NULL"],
  artifact: "build.tar",
};
const hostile = ["main,evil", "a #b", "a: b", "- a", "true", "1.10", "null", "1e3", "0x10", "'q", '"q', "a]b", "&x", "*x", "!x", "{a}", "%x", "|x", "a'b", " a ", "#x", "yes", "2001-01-01", "release+", "a\\b", "..", "~", "?", "@a", "`a"]; // biome-ignore format: one list
const names = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ minLength: 1, unit: fc.constantFrom(..."ab1.-_/ #:,'\"[]{}&*!|>%@`?+~=\\é$".split("")) }),
);
const read = (given: typeof input) => Object.values(workflows(given)).map((text) => parse(text));
const backslashed = (branch: string) => branch.replace(/[\\*?+[\]!]/g, "\\$&");

it("every name stands in the workflows as the text that it is", () => {
  fc.assert(
    fc.property(names, names, names, names, (environment, branch, folder, url) => {
      fc.pre(![environment, branch, folder, url].some((one) => one.includes("$" + "{{")));
      const config = `${folder}/djdeploy.yml`;
      const artifact = `${folder}/build.tar`;
      const [deploy, plan, rollback] = read({ ...input, environment, branch, config, artifact, url });
      const plain = read(input);
      expect(deploy.on.push.branches).toEqual([backslashed(branch)]);
      expect(deploy.jobs.deploy.environment).toEqual({ name: environment, url, deployment: false });
      expect(deploy.jobs.deploy.concurrency.group).toBe(`deploy-${environment}`);
      expect(deploy.jobs.deploy.steps.at(-1).with).toMatchObject({ environment, config, tests: "checked" });
      expect(deploy.jobs.check.steps.at(-1).with.path).toBe(artifact);
      expect(plan.jobs.plan.environment.name).toBe(`${environment}-plan`);
      expect(rollback.jobs.rollback.environment.name).toBe(`${environment}-rollback`);
      for (const [at, one] of [deploy, plan, rollback].entries()) {
        expect(one.permissions).toEqual({});
        expect(Object.keys(one)).toEqual(Object.keys(plain[at]));
        expect(Object.keys(one.jobs)).toEqual(Object.keys(plain[at].jobs));
      }
    }),
    { numRuns: 60 },
  );
});

it.each([
  "x]\npermissions: write-all\n#",
  "a\rb",
  "a\u0085b",
  "a\u2028b",
  "a\u202eb",
  "a\0",
  "$" + "{{ secrets.X }}",
])("%j is refused, wherever it stands", (text) => {
  for (const key of ["environment", "url", "branch", "config", "artifact"]) {
    let error: unknown;
    try {
      workflows({ ...input, [key]: text });
    } catch (thrown) {
      error = thrown;
    }
    expect([key, asDeployError(error).code, asDeployError(error).exitCode]).toEqual([key, "init.value", 2]);
  }
});
