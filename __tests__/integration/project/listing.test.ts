import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openFolder } from "../../../src/project/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "djd-listing-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a .gitignore that git never finishes is one error, and git is ended", async () => {
  const deep = join(folder, "a/".repeat(60));
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(deep, "q"), "");
  writeFileSync(join(folder, ".gitignore"), `${"**/".repeat(60)}x\n`);
  execFileSync("git", ["init", "-q", folder]);
  const listing = openFolder(folder, 500);
  await expect(listing).rejects.toMatchObject({ code: "project.listing", exitCode: 2 });
  writeFileSync(join(folder, ".gitignore"), "*.pyc\n");
  expect([...(await openFolder(folder)).entries.keys()]).toContain(".gitignore");
});
