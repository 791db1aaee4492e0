import { execFileSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";
import { runStep } from "../../support/runner.ts";

const config = "app: tute\nenvironments: {production: {hosts: [203.0.113.10]}}\n";
const theirs = "what somebody else keeps\n";

/** A repository whose author would have us write elsewhere, and that elsewhere. */
function hostile(path: string, leave: (path: string, outside: string) => void) {
  const outside = temporaryFolder();
  writeFileSync(join(outside, "file"), theirs);
  const { directory } = repository({ ...djangoFiles(), "djdeploy.yml": config });
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  leave(join(directory, path), outside);
  const untouched = () => {
    expect(readdirSync(outside)).toEqual(["file"]);
    expect(readFileSync(join(outside, "file"), "utf8")).toBe(theirs);
  };
  return { directory, untouched };
}

const inTheWay: [string, path: string, leave: (path: string, outside: string) => void, RegExp][] = [
  [
    "a link",
    "out.sarif",
    (path, out) => symlinkSync(join(out, "file"), path),
    /a symbolic link stands there/,
  ],
  [
    "a dangling link",
    "out.sarif",
    (path, out) => symlinkSync(join(out, "new"), path),
    /a symbolic link stands/,
  ],
  ["a pipe", "out.sarif", (path) => execFileSync("mkfifo", [path]), /it is a pipe/],
  ["a folder", "out.sarif", (path) => mkdirSync(path), /it is a folder/],
  ["a folder outside", "reports", (path, out) => symlinkSync(out, path), /leads out of the repository/],
  ["a folder that is nowhere", "reports", (path, out) => symlinkSync(join(out, "no"), path), /leads nowhere/],
];

describe("where the findings are to be written", () => {
  it.each(inTheWay)("%s is refused, by the command line and by the action", async (_, path, leave, says) => {
    const file = path === "reports" ? "reports/out.sarif" : path;
    const { directory, untouched } = hostile(path, leave);
    const { code, stderr } = await djdeploy(["lint", "--sarif-file", file], { cwd: directory });
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
    const step = await runStep(directory, { command: "lint", "sarif-file": file });
    expect(step.annotations.join("\n")).toMatch(says);
    expect(step.code).toBe(2);
    untouched();
  });

  it("a folder elsewhere may be named, and a link within the repository leads there", async () => {
    const elsewhere = temporaryFolder();
    const { directory } = hostile("reports/x", (path) =>
      symlinkSync("reports", join(path, "..", "..", "link")),
    );
    for (const file of [join(elsewhere, "out.sarif"), "link/out.sarif"])
      expect((await djdeploy(["lint", "--sarif-file", file], { cwd: directory })).code).toBe(3);
    expect(readdirSync(elsewhere)).toEqual(["out.sarif"]);
    expect(readdirSync(join(directory, "reports"))).toEqual(["out.sarif"]);
  });

  it("another name of an old file keeps the old text, and the mode stays", async () => {
    const { directory } = hostile("out.sarif", (path, out) => {
      linkSync(join(out, "file"), path);
      execFileSync("chmod", ["640", path]);
    });
    writeFileSync(join(directory, "before"), "");
    const other = join(directory, "other");
    linkSync(join(directory, "out.sarif"), other);
    await djdeploy(["lint", "--sarif-file", "out.sarif"], { cwd: directory });
    expect(readFileSync(other, "utf8")).toBe(theirs);
    expect(readFileSync(join(directory, "out.sarif"), "utf8")).toContain('"2.1.0"');
    expect(statSync(join(directory, "out.sarif")).mode & 0o777).toBe(0o640);
  });
});

const workflow = ".github/workflows/deploy.yml";
const initInTheWay: [string, path: string, leave: (path: string, outside: string) => void, RegExp][] = [
  [
    "a workflow",
    workflow,
    (path, out) => symlinkSync(join(out, "file"), path),
    /a symbolic link stands there/,
  ],
  ["a new workflow", workflow, (path, out) => symlinkSync(join(out, "new"), path), /a symbolic link stands/],
  ["their folder", ".github/workflows", (path, out) => symlinkSync(out, path), /leads out of the repository/],
  ["the folder above", ".github", (path, out) => symlinkSync(join(out, "new"), path), /leads nowhere/],
  ["djdeploy.yml", "new.yml", (path, out) => symlinkSync(join(out, "new"), path), /a symbolic link stands/],
  ["a pipe", workflow, (path) => execFileSync("mkfifo", [path]), /it is a pipe/],
];

describe("djdeploy init writes through no link", () => {
  it.each(initInTheWay)("%s", async (_, path, leave, says) => {
    const { directory, untouched } = hostile(path, leave);
    const words = ["init", "--yes", "--force", "--host", "203.0.113.10", "--config", "new.yml"];
    const { code, stderr } = await djdeploy(words, { cwd: directory });
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
    untouched();
    expect(existsSync(join(directory, ".github/workflows/plan.yml"))).toBe(false);
    if (path !== "new.yml") expect(existsSync(join(directory, "new.yml"))).toBe(false);
  });
});

it("lint --baseline changes no file through a link", async () => {
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, "djdeploy.yml"), config);
  const { directory } = repository(djangoFiles());
  symlinkSync(join(elsewhere, "djdeploy.yml"), join(directory, "djdeploy.yml"));
  const { code, stderr } = await djdeploy(["lint", "--baseline"], { cwd: directory });
  expect([code, stderr]).toEqual([2, expect.stringContaining("is a symbolic link that leads out")]);
  expect(readFileSync(join(elsewhere, "djdeploy.yml"), "utf8")).toBe(config);
});
