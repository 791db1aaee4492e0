import { expect, test } from "vitest";
import { lintText, SOUND, verdict } from "./judge-of.ts";

const lines = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join("\n");

/** What would take a naive evaluator for ever, or more memory than there is. */
const endless: [string, string][] = [
  ["brackets in brackets", `X = ${"[".repeat(5000)}${"]".repeat(5000)}`],
  ["a long dictionary", `X = {${lines(5000, (i) => `"k${i}": ${i},`)}}`],
  [
    "flags that each change a list",
    `import os\nX = []\n${lines(60, (i) => `if os.environ.get("V${i}") == "1":\n    X.append(${i})`)}`,
  ],
  [
    "one expression of many variables",
    `import os\nX = ${lines(300, (i) => `os.environ.get("V${i}")`).replaceAll("\n", " or ")}`,
  ],
  ["a loop without an end", "while True:\n    pass"],
  [
    "a list that grows for ever",
    "X = []\nfor i in range(100):\n    Y = [str(i)]\n    while Y:\n        X.append(Y[:])",
  ],
  ["recursion", "def f(n):\n    return f(n - 1) + f(n - 2)\nX = f(40)"],
  ["nested loops", "for i in range(4000):\n    for j in range(4000):\n        X = j"],
  ["doubling", 'X = "a"\nY = [1]\nfor i in range(100):\n    X += X\n    Y = Y + Y'],
  ["repetition", 'X = "a" * 10 ** 12'],
  ["modules that import each other", "from .other import *"],
];

test.each(endless)("%s: ends, and never says more than it knows", (_name, text) => {
  const result = lintText(`${SOUND}\n${text}`, { tree: { "mysite/other.py": "from .settings import *\n" } });
  expect(["pass", "unknown"]).toContain(verdict(result, "security.W018"));
});

test("Python 2 is named at its line, and the rest is still judged", () => {
  const result = lintText(`${SOUND}\nprint "hello"\nDEBUG = True`);
  expect(result.findings.find((f) => f.id === "djdeploy.settings-syntax")).toMatchObject({ line: 22 });
  expect(verdict(result, "security.W018")).toBe("certain");
});

test("a byte order mark, Windows lines and bare except lists are read", () => {
  const result = lintText(
    `\uFEFF${SOUND}\ntry:\n    pass\nexcept ValueError, TypeError:\n    pass\n`.replaceAll("\n", "\r\n"),
  );
  expect(verdict(result, "djdeploy.settings-syntax")).toBe("pass");
});

test("a form feed before a statement is none of its indentation, as for Python", () => {
  const result = lintText(`${SOUND}\n\f\nif True:\n    X = 1\n  \f    Y = 2\n\fDEBUG = True\n`);
  expect(verdict(result, "djdeploy.settings-syntax")).toBe("pass");
  expect(verdict(result, "security.W018")).toBe("certain");
});
