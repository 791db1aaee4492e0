import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hostFiles } from "../../../src/host/files.gen.ts";
import { parseFacts } from "../../../src/release/setup/facts.ts";

test("a folder with any number of files does not push the other facts out of what is read of a host", () => {
  const folder = mkdtempSync(join(homedir(), ".djdeploy-many-")); // a way that is root's where root runs this
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (let n = 0; n < 3000; n++) writeFileSync(join(folder, `${n}-${"upload".repeat(30)}.jpg`), "");
  const text = hostFiles["setup-start.sh"] + hostFiles["setup-facts.sh"];
  const said = execFileSync("sh", ["-c", text], {
    input: `--\npath ${folder}\nuser root\n`,
    encoding: "utf8",
  });
  expect(said.length).toBeLessThan(60_000);
  const facts = parseFacts(said);
  expect(facts.os.id).not.toBe("");
  expect(facts.users.get("root")?.uid).toBe(0);
  const fact = facts.paths.get(folder);
  expect(fact?.type === "folder" && fact.entries.length).toBe(50);
});
