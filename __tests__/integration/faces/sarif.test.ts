import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
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
