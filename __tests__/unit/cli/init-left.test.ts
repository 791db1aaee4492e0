import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { type LeftInput, leftToDo } from "../../../src/cli/init/left.ts";

it("the commands to paste take a name as the one word that it is", () => {
  const files = ["djdeploy.yml", "the site/it's; echo $(id)/production.py"];
  const survey = { problems: [], processes: [], branch: "main", repository: null };
  const given = { survey, app: "shop", environment: "production", host: "web1", secrets: [], optional: [] };
  const left = leftToDo({
    ...given,
    files,
    https: null,
    missing: null,
    offered: null,
    pinned: true,
  } as unknown as LeftInput);
  const line = left.flatMap(({ how }) => how).find((one) => one.startsWith("git add "))!;
  const said = execFileSync("sh", ["-c", line.replace("git add", "printf '%s\\n'")], { encoding: "utf8" });
  expect(said.trimEnd().split("\n")).toEqual(files);
});
