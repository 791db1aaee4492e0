import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ExitCode } from "../../../src/errors.ts";
import { resultWords } from "../../../src/report/text.ts";

const root = new URL("../../../", import.meta.url).pathname;

function textOf(folder: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter(
      (path) => /\.(ts|py)$/.test(path) && !path.endsWith(".gen.ts") && path !== "unit/docs/failures.test.ts",
    )
    .map((path) => readFileSync(join(root, folder, path), "utf8"))
    .join("\n");
}

const rows = readFileSync(join(root, "docs/failures.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| [^|]+\| `/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));
const source = textOf("src");
const tests = textOf("__tests__");

describe("docs/failures.md", () => {
  it.each(rows)("%s%s", (_, _what, codes = "", exit, result) => {
    expect(Object.values(ExitCode).map(String)).toContain(exit);
    expect([...Object.keys(resultWords), "–"]).toContain(result);
    for (const [, code = ""] of codes.matchAll(/`([^`]+)`/g)) {
      // `ssh.refused` is made from its last part; `owner.other-app` from its first.
      const parts = [code, code.replace(/^ssh\./, ""), code.replace(/-[a-z]+$/, "-")];
      expect(
        parts.some((part) => source.includes(part)),
        `${code} in src`,
      ).toBe(true);
      expect(tests.includes(code), `a test that ends with ${code}`).toBe(true);
    }
  });
});
