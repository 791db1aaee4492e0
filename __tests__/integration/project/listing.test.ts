import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exportIgnored, exportIgnoredIn } from "../../../src/project/attributes.ts";
import { openFolder } from "../../../src/project/folder.ts";
import { openTree } from "../../../src/project/tree.ts";

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

test("so is a .gitattributes that git never finishes, of a folder or of a commit", async () => {
  const endless = mkdtempSync(join(tmpdir(), "djd-attributes-"));
  try {
    const deep = join(endless, "a/".repeat(60));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, "q"), "");
    writeFileSync(join(endless, ".gitattributes"), `${"**/".repeat(60)}x export-ignore\n`);
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
        cwd: endless,
        encoding: "utf8",
        timeout: 20_000,
      }).trim();
    git("init", "-q");
    // git's own `add` would compare the pattern, without end.
    for (const path of [".gitattributes", `${"a/".repeat(60)}q`]) {
      const blob = git("hash-object", "-w", "--no-filters", path);
      git("update-index", "--add", "--cacheinfo", `100644,${blob},${path}`);
    }
    const commit = git("commit-tree", "-m", "One", git("write-tree"));
    const wrong = { code: "project.git-slow", exitCode: 2 };
    const now = await openFolder(endless);
    await expect(exportIgnoredIn(endless, now, 500)).rejects.toMatchObject(wrong);
    const tree = await openTree(endless, commit);
    await expect(exportIgnored(tree, 500)).rejects.toMatchObject(wrong);
  } finally {
    rmSync(endless, { recursive: true });
  }
});
