import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { version } from "../../../src/version.ts";
import { djdeploy } from "../../support/cli.ts";

it("prints the version of package.json", async () => {
  expect(version).toBe(JSON.parse(readFileSync("package.json", "utf8")).version);
  expect(await djdeploy(["--version"])).toEqual({ code: 0, stdout: `djdeploy ${version}\n`, stderr: "" });
});
