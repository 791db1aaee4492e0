import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { compareTrees, pythonFiles } from "../../../bench/lint/corpus.ts";
import { fuzz } from "../../../bench/lint/fuzz/index.ts";
import { isKindOf, moduleNames, typeAttribute } from "../../../src/python/names/index.ts";
import { TYPE_NAMES } from "../../../src/python/names/types.gen.ts";

interface Names {
  python: string;
  types: Record<string, { names: string }>;
  modules: Record<string, string>;
}

const words = (text: string): string[] => text.split(" ").filter(Boolean);

test("the tables hold what this machine's Python has", () => {
  const own = JSON.parse(
    execFileSync("python3", ["-I", "scripts/python-names/names.py"], { encoding: "utf8" }),
  ) as Names;
  const recorded = /from CPython ([\d., ]+):/.exec(TYPE_NAMES)?.[1] ?? "";
  const absent = Object.entries(own.types).flatMap(([type, { names }]) =>
    isKindOf(type, "object")
      ? words(names)
          .map((n) => n.replace("=", ""))
          .filter((n) => !typeAttribute(type, n))
          .map((n) => `${type}.${n}`)
      : [type],
  );
  const gone = Object.entries(own.modules).flatMap(([module, names]) =>
    words(names)
      // Constants of socket are those of the headers that a Python was built with.
      .filter((n) => !moduleNames(module)?.has(n) && !(module === "socket" && n === n.toUpperCase()))
      .map((n) => `${module}.${n}`),
  );
  expect(
    [...absent, ...gone],
    `Python ${own.python}; the tables are of ${recorded}: npm run python-names`,
  ).toEqual([]);
});

test("generated settings modules come out as CPython runs them", async () => {
  const report = await fuzz("python3", 14, 0, 120);
  expect(report.failures.map(({ number, found }) => [number, found[0]])).toEqual([]);
  expect(report.loaded).toBeGreaterThan(40);
});

test("files of the standard library are read as CPython reads them, node for node", () => {
  const folder = execFileSync("python3", ["-Ic", "import sysconfig; print(sysconfig.get_path('stdlib'))"], {
    encoding: "utf8",
  }).trim();
  // CPython's tests of its own parser hold what nobody writes.
  const all = pythonFiles(folder).filter(
    (path) => !/\/(tests?|idle_test|site-packages|dist-packages)\//.test(path),
  );
  const { read, differences } = compareTrees(
    "python3",
    all.filter((_, i) => i % Math.ceil(all.length / 40) === 0),
  );
  expect(differences).toEqual([]);
  expect(read).toBeGreaterThan(25);
});
