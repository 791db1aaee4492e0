import { expect, test } from "vitest";
import { parse } from "yaml";
import { addIgnores } from "../../../src/config/ignore.ts";

const NEW = { "security.W008": 'baseline of 2026-11-20: "nginx" redirects' };
const LINE = 'security.W008: "baseline of 2026-11-20: \\"nginx\\" redirects"';

const cases: [string, string, string][] = [
  ["no lint at all", "app: a   # the name\n", `app: a   # the name\n\nlint:\n  ignore:\n    ${LINE}\n`],
  ["no end of the last line", "app: a", `app: a\n\nlint:\n  ignore:\n    ${LINE}\n`],
  ["nothing below lint", "lint:  # later\napp: a\n", `lint:  # later\n  ignore:\n    ${LINE}\napp: a\n`],
  [
    "other keys of lint",
    "lint:\n    fail-level:   warning  # strict\n\n# more\napp: a\n",
    `lint:\n    fail-level:   warning  # strict\n    ignore:\n      ${LINE}\n\n# more\napp: a\n`,
  ],
  [
    "an empty map",
    "lint:\n  ignore: {}  # none\napp: a\n",
    `lint:\n  ignore:  # none\n    ${LINE}\napp: a\n`,
  ],
  [
    "entries",
    'lint:\n  ignore:\n      a.b: "x"   # why\n      c.d: >-\n        long\n        text\n  fail-level: error\n',
    `lint:\n  ignore:\n      a.b: "x"   # why\n      c.d: >-\n        long\n        text\n      ${LINE}\n  fail-level: error\n`,
  ],
  [
    "braces",
    "lint: {fail-level: error, ignore: {a.b: x}}  # short\napp: a\n",
    `lint: {fail-level: error, ignore: {a.b: x, ${LINE}}}  # short\napp: a\n`,
  ],
  ["braces without ignore", "lint: {fail-level: error}\n", `lint: {fail-level: error, ignore: {${LINE}}}\n`],
  [
    "lines that end as on Windows",
    "app: a\r\nlint:\r\n  ignore:\r\n    a.b: x\r\n",
    `app: a\r\nlint:\r\n  ignore:\r\n    a.b: x\r\n    ${LINE}\r\n`,
  ],
  [
    "an anchor",
    "x: &x\n  a: 1\nlint:\n  ignore: &y\n    a.b: x\n",
    `x: &x\n  a: 1\nlint:\n  ignore: &y\n    a.b: x\n    ${LINE}\n`,
  ],
];

test.each(cases)("a file with %s gets an entry and is otherwise as it was", (_, before, after) => {
  expect(addIgnores(before, NEW)).toBe(after);
  expect(parse(after).lint.ignore).toMatchObject(NEW);
  expect(addIgnores(after, { "security.W008": "another" })).toBe(after);
});

test.each([
  ["an alias", "x: &a {fail-level: error}\nlint: *a\n"],
  ["a list", "lint:\n  ignore: [a]\n"],
  ["braces around all", "{app: a}\n"],
])("%s is refused", (_, text) => {
  expect(() => addIgnores(text, NEW)).toThrow(/lint.ignore cannot be added/);
});
