import fc from "fast-check";
import { expect, it } from "vitest";
import { fitsWildcards } from "../../src/files/wildcard.ts";
import { mayDeploy } from "../../src/github/guards.ts";
import { matchesHost } from "../../src/ssh/known-hosts.ts";

const text = fc.string({ unit: fc.constantFrom("a", "b", "/", "."), maxLength: 12 });
const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "*", "?"), maxLength: 8 });
const escaped = (literal: string) => literal.replace(/[.?/]/g, "\\$&");

it("says what a regular expression says", () => {
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      const plain = pattern.split(/(\*)/).map((part) => (part === "*" ? ".*" : escaped(part)));
      expect(fitsWildcards(pattern, text)).toBe(new RegExp(`^${plain.join("")}$`).test(text));
      const one = pattern.split(/(\*|\?)/).map((part) => ({ "*": ".*", "?": "." })[part] ?? escaped(part));
      expect(fitsWildcards(pattern, text, { one: true })).toBe(new RegExp(`^${one.join("")}$`).test(text));
      const level = pattern
        .split(/(\*\*|\*)/)
        .map((part) => ({ "*": "[^/]*", "**": ".*" })[part] ?? escaped(part));
      expect(fitsWildcards(pattern, text, { level: true })).toBe(
        new RegExp(`^${level.join("")}$`).test(text),
      );
    }),
    { numRuns: 2_000 },
  );
});

// Each would take a regular expression longer than anybody lives.
it.each([
  `${"*".repeat(60)}x`,
  `${"*a".repeat(30)}b`,
  `${"*?".repeat(60)}x`,
  "**/a".repeat(30),
  "*a*".repeat(1_000_000),
])("a pattern of many wildcards is answered: %.20s…", (pattern) => {
  const name = "a".repeat(250);
  expect(matchesHost(pattern, { names: [name], port: 22 })).toBe(false);
  expect(matchesHost(`[${pattern}]:2222`, { names: [name], port: 2222 })).toBe(false);
  expect(mayDeploy({ type: "branch", name: `${"a/".repeat(100)}${name}` }, [`${pattern}c`])).toBe(false);
});
