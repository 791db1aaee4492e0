import { expect, test } from "vitest";
import { parseModule } from "../../../src/python/parse.ts";
import { lintText, SOUND, verdict } from "./judge-of.ts";

test.each([
  "async def f():\n    return {x async for x in y}",
  "async def f():\n    return {x: 1 async for x in y if x}",
  "async def f():\n    async for x in y:\n        z = {\n            a\n            async for a in x\n        }",
])("an asynchronous comprehension is read: %s", (text) => {
  expect(parseModule(`${text}\nX = 1\n`)).toMatchObject({
    problems: [],
    body: [{}, { lineno: text.split("\n").length + 1 }],
  });
});

test("a name in brackets that is annotated is no simple one", () => {
  const { body } = parseModule("x: int = 1\n(y): int = 2\nclass C:\n    (z): int = 3\n");
  expect(body).toMatchObject([{ simple: 1 }, { simple: 0 }, { body: [{ simple: 0 }] }]);
});

test.each([
  ['"\\N{BULLET}" == "\\u2022"', "unknown"],
  ['f"\\N{BULLET}{1}" == "\\u20221"', "unknown"],
  ['r"\\N{BULLET}" == "x"', "pass"],
])("a character by its name is not known: %s", (text, expected) => {
  expect(verdict(lintText(`${SOUND}\nDEBUG = ${text}`), "security.W018")).toBe(expected);
});
