import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, repository } from "../../support/repository.ts";
import { runStep } from "../../support/runner.ts";

it("the action writes the findings for code scanning, and is red for them all the same", async () => {
  const { directory } = repository({
    ...djangoFiles(),
    "djdeploy.yml": "app: tute\nenvironments: {production: {hosts: [203.0.113.10]}}\n",
  });
  const { code } = await runStep(directory, { command: "lint", "sarif-file": "out.sarif" });
  expect(code).toBe(3);
  const sarif = JSON.parse(readFileSync(join(directory, "out.sarif"), "utf8"));
  expect(sarif.version).toBe("2.1.0");
  expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
    "tute/settings.py",
  );
});

const findingsOf = (directory: string): string[] => {
  const sarif = JSON.parse(readFileSync(join(directory, "out.sarif"), "utf8"));
  return sarif.runs[0].results.map((one: { ruleId: string }) => one.ruleId);
};

it.each(["deploy", "lint"])(
  "djdeploy %s --sarif-file writes what the lint found, also where it ends the run",
  async (verb) => {
    const { directory } = repository({
      ...djangoFiles(),
      "djdeploy.yml": "app: tute\nenvironments: {production: {hosts: [203.0.113.10]}}\n",
    });
    const { code } = await djdeploy([verb, "production", "--sarif-file", "out.sarif"], { cwd: directory });
    expect(code).toBe(3);
    expect(findingsOf(directory)).toContain("security.W020");
  },
);

it("the action's deploy writes it too, without its own token", async () => {
  const { directory } = repository({
    ...djangoFiles(),
    "tute/settings.py": 'DEBUG = True\nALLOWED_HOSTS = ["http://token-of-the-job.example", "a.example"]\n',
    "djdeploy.yml": "app: tute\nenvironments: {production: {hosts: [203.0.113.10]}}\n",
  });
  const { code, annotations } = await runStep(directory, {
    command: "deploy",
    "sarif-file": "out.sarif",
    "github-token": "token-of-the-job",
    "ssh-private-key": newDeployKey("test").privateKey,
    "known-hosts": `SHA256:${"A".repeat(43)}`,
  });
  expect(annotations.join()).toContain("security.W018");
  expect(code).toBe(3);
  expect(findingsOf(directory)).toContain("security.W018");
  const written = readFileSync(join(directory, "out.sarif"), "utf8");
  expect(written).toContain("http://***.example");
  expect(written).not.toContain("token-of-the-job");
});
