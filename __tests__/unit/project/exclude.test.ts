import { expect, it } from "vitest";
import { excludeMatcher } from "../../../src/project/exclude.ts";

it("a pattern that would never end is named", () => {
  const ask = () => excludeMatcher([`${"**/a/".repeat(10)}z`], "").ignores(`${"a/".repeat(60)}b`);
  expect(ask).toThrowError(expect.objectContaining({ code: "config.exclude-slow", exitCode: 2 }));
});

it("many stars that are decided at once are compared as ever", () => {
  const matcher = excludeMatcher(["**/*.a*b*c/**/two/**/*.txt/**", "!**/keep/**/*.x*"], "app");
  expect(matcher.ignores("app/one/x.a1b2c/two/three.txt/four")).toBe(true);
  expect(matcher.ignores("app/one/x.a1b2/two/three.txt/four")).toBe(false);
});
