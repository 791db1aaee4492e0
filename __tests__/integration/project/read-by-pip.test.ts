import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readClosure } from "../../../src/project/detect/requirement-files.ts";
import { packageName } from "../../../src/project/detect/requirement-lines.ts";
import { rulesOut } from "../../../src/project/detect/requirement-markers.ts";
import type { Tree } from "../../../src/project/tree.ts";
import { parseEnvFile } from "../../../src/python/stdlib/env-files.ts";
import { libraryPython } from "../../support/django-venv.ts";

// Files as people have them, read by us and by the tool that reads them on the host.

const seed = 20261129;
const names = ["Django", "psycopg2_binary", "zope.interface", "gunicorn", "celery"];
const comparison = fc.constantFrom(
  'sys_platform == "win32"',
  "sys_platform != 'win32'",
  "'linux' in sys_platform",
  'platform_system == "Linux"',
  "os_name == 'nt'",
  'python_version < "3"',
  'python_version >= "3.8"',
  'python_version < "3.11"',
  '"3.9" <= python_version',
  "implementation_name == 'pypy'",
  'extra == "test"',
  "platform_machine == 'riscv'",
);
const { marker } = fc.letrec<{ marker: string }>((tie) => ({
  marker: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    comparison,
    fc.tuple(tie("marker"), fc.constantFrom("and", "or"), tie("marker")).map((parts) => parts.join(" ")),
    tie("marker").map((inner) => `(${inner})`),
  ),
}));
const hash = `--hash=sha256:${"ab".repeat(32)}`;
const line = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...names),
        fc.constantFrom("==4.2", " == 1.0", "", ">=2,<3", "[redis]==5.1", "~=1.4"),
      )
      .map((parts) => parts.join("")),
  },
  fc.tuple(fc.constantFrom(...names), marker).map(([name, where]) => `${name}==1.0 ; ${where}`),
  fc.constantFrom(...names).map((name) => `${name}==2.0 \\\n    ${hash} \\\n    ${hash}`),
  fc.constantFrom(
    "# a comment",
    "",
    "   ",
    "Django==4.2 # pinned",
    "Django==4.2# not a comment",
    "  # indented",
    "gunicorn \\",
    "celery==5 \\\n# between\n",
    "-c constraints.txt",
    "-r other.txt",
    "--requirement=other.txt",
    "--no-binary :all:",
    "-i https://index.example.com/simple",
    "\u2028celery",
    "redis\fdjango",
  ),
);
const encodings: [name: string, (text: string) => Buffer][] = [
  ["UTF-8", (text) => Buffer.from(text)],
  ["UTF-8 with a mark", (text) => Buffer.from(`\ufeff${text}`)],
  ["UTF-16 of PowerShell", (text) => Buffer.from(`\ufeff${text}`, "utf16le")],
  ["UTF-16, big end first", (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  [
    "Latin-1 that says so",
    (text) => Buffer.from(`# -*- coding: latin-1 -*-\n# caf\u00e9\n${text}`, "latin1"),
  ],
  ["Latin-1", (text) => Buffer.from(`# caf\u00e9\n${text}`, "latin1")],
];
const files = fc.sample(
  fc.tuple(
    fc.array(line, { maxLength: 6 }),
    fc.constantFrom("\n", "\r\n", "\r"),
    fc.constantFrom(...encodings),
  ),
  { numRuns: 400, seed },
);
const markers = fc.sample(marker, { numRuns: 300, seed });
const value = fc.constantFrom(
  "plain",
  "'single quoted'",
  '"double"',
  '"a\\nb"',
  "'it\\'s'",
  "with # comment",
  "with#none",
  '"# kept" # not',
  "'over\ntwo'",
  "",
  " padded ",
  `$${"{A}"}x`,
  `$${"{NONE:-else}"}`,
  '"tab\\t"',
  "caf\u00e9",
  "a=b",
  "'a' b",
);
const envs = fc.sample(
  fc
    .tuple(
      fc.array(
        fc
          .tuple(
            fc.constantFrom("A", "B", "export C", " D", "lower"),
            fc.constantFrom("=", " = ", "= "),
            value,
          )
          .map((parts) => parts.join("")),
        { maxLength: 5 },
      ),
      fc.constantFrom("\n", "\r\n"),
    )
    .map(([lines, end]) => lines.join("\n").replaceAll("\n", end) + end),
  { numRuns: 400, seed },
);

let folder: string;
let theirs: {
  requirements: ([string, string, boolean, boolean][] | null)[];
  markers: (boolean | null)[];
  env: [string, string | null][][];
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "djd-pip-"));
  writeFileSync(join(folder, "constraints.txt"), "celery==9.9\n");
  writeFileSync(join(folder, "other.txt"), "\ufeffuvicorn==0.3\r\n");
  for (const [at, [lines, end, [, encode]]] of files.entries())
    writeFileSync(join(folder, `${at}.txt`), encode(lines.join("\n").replaceAll("\n", end)));
  const program = new URL("read-by-pip.py", import.meta.url).pathname;
  const input = JSON.stringify({ folder, count: files.length, markers, env: envs });
  theirs = JSON.parse(
    execFileSync(libraryPython(), ["-I", "-W", "ignore", program], {
      input,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    }),
  );
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tree = {
  sha: "0000000",
  bytes: async (path: string) => readFileSync(join(folder, path)),
} as unknown as Tree;

/** Name and pinned version of what is installed. */
function pinned(rows: [string, string, boolean, boolean][]): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  for (const [name, specifier, , constraint] of rows) {
    const version = /^==([^,*]+)$/.exec(specifier)?.[1] ?? null;
    if (!constraint) found[packageName(name)] = version ?? found[packageName(name)] ?? null;
  }
  for (const [name, specifier, , constraint] of rows)
    if (constraint && packageName(name) in found) found[packageName(name)] ??= specifier.slice(2);
  return found;
}

describe("what pip, packaging and python-dotenv read is what we read", () => {
  it("requirement files", async () => {
    let read = 0;
    for (const [at, rows] of theirs.requirements.entries()) {
      const ours = await readClosure(tree, [`${at}.txt`]).catch(() => null);
      const told = JSON.stringify([files[at]![0], files[at]![1], files[at]![2][0]]);
      // What pip can not read fails on the host; what is read by both has to be the same.
      if (rows === null) continue;
      expect(ours, told).not.toBeNull();
      read++;
      const unsure = files[at]![0].some((one) => /;.*(python_version|platform_machine)/.test(one));
      const wanted = pinned(rows);
      if (unsure)
        expect(Object.keys(ours!.packages), told).toEqual(expect.arrayContaining(Object.keys(wanted)));
      else expect(ours!.packages, told).toEqual(wanted);
    }
    expect(read).toBeGreaterThan(150);
  });

  it("environment markers", () => {
    for (const [at, holds] of theirs.markers.entries()) {
      const text = markers[at]!;
      if (rulesOut(text)) expect(holds, text).toBe(false);
      else if (!/python_version|platform_machine/.test(text)) expect(holds, text).toBe(true);
    }
  });

  it(".env files", () => {
    for (const [at, rows] of theirs.env.entries()) {
      const ours = Object.fromEntries(parseEnvFile(envs[at]!, "dotenv"));
      const known = rows.filter(([, value]) => value !== null);
      expect(ours, JSON.stringify(envs[at])).toEqual(Object.fromEntries(known));
    }
  });
});
