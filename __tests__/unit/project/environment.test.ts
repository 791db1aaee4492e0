import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { passedOn } from "../../../src/project/environment.ts";

it("is documented name by name", () => {
  const page = readFileSync(new URL("../../../docs/build-and-tests.md", import.meta.url), "utf8");
  const listed = page.split("\n").filter((line) => line.startsWith("- `"));
  expect(listed.join(" ").match(/(?<=`)\w+(?=`)/g)).toEqual([...passedOn]);
});
