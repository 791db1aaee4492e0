import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const src = new URL("../../src", import.meta.url).pathname;

// From top to bottom: a folder imports only from folders below it (types may come from the same level).
const levels = [
  ["bundle.ts"],
  ["cli", "action", "library"],
  ["release"],
  ["plan"],
  ["migrations"],
  ["host", "lint"],
  ["ssh", "config", "github", "project"],
  ["files"],
  ["services", "report", "python"],
  ["errors.ts", "words.ts", "version.ts"],
  ["unforeseen.ts"],
];
const levelOf = new Map(levels.flatMap((names, level) => names.map((name) => [name, level] as const)));

interface Import {
  file: string;
  from: string;
  to: string;
  typeOnly: boolean;
  /** The file that is imported. */
  path: string;
  /** By import(), where it is needed. */
  later: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return name.endsWith(".ts") ? [path] : [];
  });
}

function imports(): { inside: Import[]; packages: { file: string; name: string }[] } {
  const inside: Import[] = [];
  const packages: { file: string; name: string }[] = [];
  for (const path of sources(src)) {
    const text = readFileSync(path, "utf8");
    const file = relative(src, path);
    const from = file.split("/")[0] ?? "";
    const atOnce = text.matchAll(/^(?:import|export)\s+([^;]*?)from\s+"([^"]+)"/gms);
    const later = text.matchAll(/\bimport(\()[^)]*?"(\.[^"]+)"\)/g);
    for (const [, words = "", name = ""] of [...atOnce, ...later]) {
      const typeOnly = words.startsWith("type ");
      if (!name.startsWith(".")) packages.push({ file, name });
      else {
        const to = relative(src, resolve(dirname(path), name)).split("/")[0] ?? "";
        if (to !== from)
          inside.push({
            file,
            from,
            to,
            typeOnly,
            path: relative(src, resolve(dirname(path), name)),
            later: words === "(",
          });
      }
    }
  }
  return { inside, packages };
}

describe("the arrows between folders", () => {
  const { inside, packages } = imports();

  it("every folder has its level", () => {
    expect(readdirSync(src).filter((name) => !levelOf.has(name))).toEqual([]);
    expect(inside.length).toBeGreaterThan(50);
  });

  it("run downward only", () => {
    const wrong = inside.filter(({ from, to, typeOnly }) => {
      const distance = (levelOf.get(to) ?? -1) - (levelOf.get(from) ?? 99);
      return typeOnly ? distance < 0 : distance <= 0;
    });
    expect(wrong.map(({ file, to }) => `${file} imports ${to}`)).toEqual([]);
  });

  it("the lint and its Python are a file of their own, read when they are needed", () => {
    const light = [
      "lint/load.ts",
      "lint/blocking.ts",
      "lint/way-out.ts",
      "lint/annotations.ts",
      "python/source/tree.ts",
    ];
    const wrong = inside.filter(
      ({ from, to, path, typeOnly, later }) =>
        ["lint", "python"].includes(to) && from !== "lint" && !typeOnly && !later && !light.includes(path),
    );
    expect(wrong.map(({ file, path }) => `${file} imports ${path}`)).toEqual([]);
    expect(inside.filter(({ later }) => later).length).toBeGreaterThan(0);
  });

  it("only src/action knows GitHub's toolkit, only src/ssh knows ssh2", () => {
    const wrong = packages.filter(
      ({ file, name }) =>
        (name.startsWith("@actions/") && !file.startsWith("action/") && !file.startsWith("github/")) ||
        (/^(node-ssh|ssh2)/.test(name) && !file.startsWith("ssh/")),
    );
    expect(wrong).toEqual([]);
  });
});
