import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generated } from "../../scripts/generated.ts";
import { home, version } from "../../src/version.ts";

const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));

it("the version is one: program, package and lock file", () => {
  const lock = json("package-lock.json");
  expect([json("package.json").version, lock.version, lock.packages[""].version]).toEqual(
    Array(3).fill(version),
  );
});

it("npm is told the home, which its provenance asks for", () => {
  expect(json("package.json").repository).toEqual({
    type: "git",
    url: `git+https://github.com/${home}.git`,
  });
});

it("nothing names the home by hand: only its constant, package.json, and what is generated from it", () => {
  const grep = (...args: string[]) =>
    execFileSync("git", ["grep", "-l", ...args, ":(exclude)dist"], { encoding: "utf8" })
      .trim()
      .split("\n");
  // Any owner outside of the tests, in an address, after `uses:` or on its own; the name alone is the package's.
  const anyOwner = `[A-Za-z0-9]/${home.split("/")[1]}([@/. \`"#)]|$)`;
  const named = [...grep("-F", home, "--", "."), ...grep("-E", anyOwner, "--", ".", ":(exclude)__tests__")];
  const may = new Set(["src/version.ts", "package.json", "CHANGELOG.md", ...Object.keys(generated())]);
  expect(named.filter((path) => !may.has(path))).toEqual([]);
});
