import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { judge } from "../../../src/config/judge.ts";
import { problemsError } from "../../../src/config/problems.ts";
import { toConfig } from "../../../src/config/resolve.ts";
import { environmentKeys, topKeys } from "../../../src/config/schema/index.ts";

/** Whatever stands in the file: a Config or problems with a place in it, never another exception. */
function holds(text: string): void {
  const lines = text.split("\n").length;
  const { problems, environments, unsupported } = judge(text);
  for (const [name, settings] of environments) {
    toConfig("/site/djdeploy.yml", name, settings);
    unsupported(name);
  }
  if (problems.length === 0) return;
  const error = problemsError("djdeploy.yml", problems);
  expect(error.exitCode).toBe(2);
  for (const { at, message } of problems) {
    expect(at.line).toBeLessThanOrEqual(lines);
    expect(at.column).toBeGreaterThan(0);
    expect(message).not.toMatch(/undefined|\[object/);
  }
}

const word = fc.constantFrom(
  ...Object.keys({ ...topKeys, ...environmentKeys }),
  ...["environments", "production", "auto", "command", "path", "host"],
  ...["__proto__", "constructor", "toString", "<<", ""],
);
const leaf = fc.oneof(
  word,
  fc.constantFrom("60s", "web1", "/srv/x", "[::1]:22", "a@b:22", "*x", "50%"),
  fc.integer({ min: -1, max: 3 }),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(word, tie("tree"), { maxKeys: 4 }),
  ),
}));

test("any tree of known and strange words", () => {
  fc.assert(
    fc.property(fc.dictionary(word, tree, { maxKeys: 6 }), (value) => holds(stringify(value))),
    {
      numRuns: 300,
    },
  );
});

test("any tree below an environment", () => {
  const file = fc.record({
    app: leaf,
    environments: fc.dictionary(word, fc.dictionary(word, tree, { maxKeys: 6 })),
  });
  fc.assert(
    fc.property(file, (value) => holds(stringify(value))),
    { numRuns: 300 },
  );
});

test("any text", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "\n",
      "\n  ",
      ": ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      "&a ",
      "*a",
      "<<: ",
      "!x ",
      "? ",
      "|",
      '"',
      "#",
      "\t",
      "---\n",
    ),
    word,
    fc.string({ maxLength: 3, unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => holds(pieces.join(""))),
    { numRuns: 1000 },
  );
});

test("aliases that multiply end soon", () => {
  const lines = Array.from(
    { length: 30 },
    (_, i) => `a${i}: &a${i} [${i ? `*a${i - 1}, *a${i - 1}, *a${i - 1}` : "x"}]`,
  );
  const { problems } = judge(lines.join("\n"));
  expect(problems.map(({ message }) => message)).toContain("the file is too large, or its aliases multiply");
});
