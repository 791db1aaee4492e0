import type { Constant } from "py-ast";
import { expect, test } from "vitest";
import { constantKind, parseModule } from "../../../src/python/source/parse.ts";
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

test.each([
  ['X = ["\u00e9", 1.5, 2]', "1.5", "float"],
  ['X = ["\u{1f600}", 1.5]', "1.5", "float"],
  ["# \u00e9\nX = [0.5, 2]", "0.5", "float"],
  ['X = f"\u00e9{3.0}"', "3.0", "float"],
])("columns count characters, whatever stands before: %s", (text, number, kind) => {
  const { body, lines } = parseModule(text);
  const found: Constant[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ((node as Constant).nodeType === "Constant" && typeof (node as Constant).value === "number")
      found.push(node as Constant);
    Object.values(node).forEach(visit);
  };
  visit(body);
  const first = found[0] as Constant;
  expect(lines[first.lineno - 1]?.slice(first.col_offset, first.end_col_offset)).toBe(number);
  expect(constantKind(first, lines)).toBe(kind);
});

test("a finding behind a character of several bytes stands where an editor shows it", () => {
  const text = `${SOUND}\nX = "\u00e9\u00e9"; DEBUG = True\n`;
  const found = lintText(text).findings.find((f) => f.id === "security.W018");
  expect(found).toMatchObject({ line: text.split("\n").length - 1, column: 11 });
});

test("what is put right for the parser is put right in the code, not in texts", () => {
  const text = `A = """
except a, b:
case a, *b:
async for x in y
"""
try:
    B = 1
except KeyError, ValueError:
    B = 2
match A:
    case "x", *rest:
        B = 3
async def f():
    return {"async for": x async for x in y}
`;
  const { body, problems } = parseModule(text);
  expect(problems).toEqual([]);
  expect(body[0]).toMatchObject({ value: { value: "\nexcept a, b:\ncase a, *b:\nasync for x in y\n" } });
  expect(body[1]).toMatchObject({ handlers: [{ type: { nodeType: "Tuple" } }] });
  expect(body[3]).toMatchObject({ body: [{ value: { key: { value: "async for" } } }] });
});

test("a name is one name however it is written", () => {
  expect(parseModule("\uff57idth = 1\n").body).toMatchObject([{ targets: [{ id: "width" }] }]);
});

test("an unpacked index is a tuple", () => {
  expect(parseModule("X = a[*b]\n").body).toMatchObject([{ value: { slice: { nodeType: "Tuple" } } }]);
});

test.each(["case ,", "match a,", "except a,", "x = async for "])(
  "a line of two hundred thousand characters that is no Python is read in no time: %s…",
  (start) => {
    const [head = "", again = ""] = [
      start.slice(0, start.indexOf(" ") + 1),
      start.slice(start.indexOf(" ") + 1),
    ];
    const { body, problems } = parseModule(`${head}${again.repeat(200_000 / again.length)}\nX = 1\n`);
    expect(problems.length).toBe(1);
    expect(body).toMatchObject([{ targets: [{ id: "X" }] }]);
  },
);

test("a line of many characters of several bytes is read in no time", () => {
  const items = 30_000;
  const { body } = parseModule(`X = [${'"\u00e9", '.repeat(items)}1.5]\n`);
  expect(body).toMatchObject([{ end_col_offset: 5 + 5 * items + 4 }]);
});

test.each([
  "0644",
  "-001",
  "0_1",
  "1__0",
  "1_",
  "x[01]",
  "1 + 0o7 + 08",
  "f'{0644}'",
  `01${"1".repeat(400)}`,
])("the number in %s is refused, as by Python 3", (text) => {
  expect(parseModule(`A = 1\nX = ${text}\nB = 2\n`)).toMatchObject({
    body: [{ lineno: 1 }, { lineno: 3 }],
    problems: [{ line: 2, message: expect.stringMatching(/^(leading zeros|invalid decimal)/) }],
  });
});

test.each([
  "00",
  "0_0",
  "0.07",
  "08.5",
  "010e1",
  "1e-05",
  "1_0.0_1",
  "0x_f",
  "a1_",
  "'0644'",
  "1# 01",
  "0o644",
  "1if x else 0",
])("the number in %s is one", (text) => expect(parseModule(`X = ${text}\n`).problems).toEqual([]));
