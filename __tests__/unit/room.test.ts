import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const src = new URL("../../src", import.meta.url).pathname;

// What may import what within src/python, from top to bottom: evaluate.ts and ask.ts, then a folder only what is below it.
const levels = ["", "core", "builtins", "stdlib", "models", "objects", "outside", "logic", "names", "source"];

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : name.endsWith(".ts") ? [path] : [];
  });
}

/** What a file imports or passes on from other files of ours, types too. */
const importsOf = (path: string): string[] =>
  [...readFileSync(path, "utf8").matchAll(/^(?:import|export)\s[^;]*?from\s+"(\.[^"]+)"/gms)].map(
    ([, name]) => resolve(dirname(path), name as string),
  );

/** Files that import each other in circles. */
function circles(files: string[]): string[] {
  const left = new Map(files.map((file) => [file, importsOf(file)]));
  // Who imports nothing that is left is in no circle, nor is who is imported by nothing: out they go, until none can.
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    const imported = new Set([...left.values()].flat());
    for (const [file, imports] of left)
      if (!imported.has(file) || !imports.some((to) => left.has(to))) left.delete(file);
  }
  return [...left.keys()].map((file) => relative(src, file));
}

describe("the house", () => {
  const files = sources(src);

  it("has no circle of imports, types counted", () => {
    expect(files.length).toBeGreaterThan(500);
    expect(circles(files)).toEqual([]);
  });

  it("has no file above 12 KB but generated ones", () => {
    const onHost = join(src, "host/files");
    const all = [...files, ...readdirSync(onHost).map((name) => join(onHost, name))];
    const large = all.filter((file) => !file.endsWith(".gen.ts") && statSync(file).size > 12_000);
    expect(large.map((file) => relative(src, file))).toEqual([]);
  });
});

describe("the folders of src/python", () => {
  const python = join(src, "python");
  const files = sources(python).map((file) => relative(python, file));
  const topOf = (file: string): string => (file.includes("/") ? (file.split("/")[0] as string) : "");

  it("hold at most 20 files each", () => {
    const count = new Map<string, number>();
    for (const file of files) count.set(dirname(file), (count.get(dirname(file)) ?? 0) + 1);
    expect([...count].filter(([, n]) => n > 20)).toEqual([]);
  });

  it("import downward", () => {
    const wrong = files.flatMap((file) =>
      importsOf(join(python, file)).flatMap((path) => {
        const to = relative(python, path);
        const steps = levels.indexOf(topOf(to)) - levels.indexOf(topOf(file));
        return steps < 0 || to.startsWith("..") ? [`${file} imports ${to}`] : [];
      }),
    );
    expect(files.filter((file) => !levels.includes(topOf(file)))).toEqual([]);
    expect(wrong).toEqual([]);
  });
});
