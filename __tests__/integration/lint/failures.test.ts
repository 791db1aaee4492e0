import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, repository } from "../../support/repository.ts";

interface Judged {
  code: number;
  text: string;
  /** `id certainty line` of every finding. */
  found: string[];
}

/** Lints a repository with these files through the command line, for people and as JSON. */
async function judged(files: Record<string, string>, raw: Record<string, Buffer> = {}): Promise<Judged> {
  const { directory } = repository(files);
  for (const [path, content] of Object.entries(raw)) writeFileSync(join(directory, path), content);
  const { code, stdout, stderr } = await djdeploy(["lint"], { cwd: directory });
  const json = await djdeploy(["lint", "--format", "json"], { cwd: directory });
  expect(json.code).toBe(code);
  const { findings = [] } = JSON.parse(json.stdout.trim().split("\n").at(-1) ?? "{}");
  return {
    code,
    text: stdout + stderr,
    found: findings.map(
      (f: { id: string; certainty: string; line: number }) => `${f.id} ${f.certainty} ${f.line}`,
    ),
  };
}

const site = (settings: string, more: Record<string, string> = {}) => ({
  ...djangoFiles(),
  "tute/settings.py": settings,
  ...more,
});
const sound = `SECRET_KEY = __import__("os").environ["SECRET_KEY"]\nALLOWED_HOSTS = ["www.example.com"]\n`;

describe("when things go wrong, lint says what, and goes on", () => {
  it("no settings module: what is named, by whom, and where it should be", async () => {
    const files: Record<string, string> = djangoFiles();
    delete files["tute/settings.py"];
    const { code, text } = await judged(files);
    expect(code).toBe(2);
    expect(text).toMatch(
      /The settings module tute\.settings is not in .*tute\/settings\.py \(detected from .*\).*django: \{settings: …\}/s,
    );
  });

  it("several candidates: all of them, and the line that chooses", async () => {
    const { code, text } = await judged({
      ...djangoFiles("tute.conf.dev"),
      "tute/conf/__init__.py": "",
      "tute/conf/settings_one.py": "",
      "tute/conf/dev.py": "DEBUG = True\n",
    });
    expect(code).toBe(2);
    expect(text).toMatch(/tute\.conf\.dev looks like settings for development.*django: \{settings: /s);
  });

  it("a module that does not parse: the line, what was expected, and the rest judged", async () => {
    const { code, text, found } = await judged(site(`${sound}DEBUG = True\nX = (1,\nY = 2\nADMINS = []\n`));
    expect(code).toBe(3);
    expect(text).toMatch(
      /error djdeploy\.settings-syntax tute\/settings\.py:5:\d+\n {2}not valid Python: Expected '\)'/,
    );
    expect(found).toContain("security.W018 certain 3");
  });

  it("an import loop: an end, and what stands before it is judged", async () => {
    const loop = { "tute/other.py": "from tute.settings import *\nA = 1\n" };
    const { code, found } = await judged(site(`${sound}DEBUG = True\nfrom tute.other import *\n`, loop));
    expect(code).toBe(3);
    expect(found).toContain("security.W018 certain 3");
  });

  it("a project without Django: that there is none, not that it is broken", async () => {
    const { code, text } = await judged({ "app.py": "print(1)\n", "requirements.txt": "flask\n" });
    expect(code).toBe(2);
    expect(text).toContain("There is no manage.py of a Django project");
  });

  it("Python 2: that it is, at its line, and the rest judged", async () => {
    const { code, text, found } = await judged(site(`${sound}DEBUG = True\nprint "loading"\nMODE = 0755\n`));
    expect(code).toBe(3);
    expect(text).toMatch(/settings-syntax tute\/settings\.py:4:\d+\n.*\(this looks like Python 2\)/);
    expect(found).toContain("security.W018 certain 3");
  });

  it("another encoding: read where a coding line says so, and named where none does", async () => {
    const latin = (head: string) => Buffer.from(`${head}TITLE = "Caf\xe9"\nDEBUG = True\n${sound}`, "latin1");
    const told = await judged(site(""), { "tute/settings.py": latin("# -*- coding: latin-1 -*-\n") });
    expect(told.found).toContain("security.W018 certain 3");
    expect(told.text).not.toContain("UTF-8");
    const silent = await judged(site(""), { "tute/settings.py": latin("") });
    expect(silent.found).toContain("djdeploy.settings-encoding unknown 1");
  });

  it("a generated file of ten megabytes: not read, and what comes from it is not known", async () => {
    const rows = Array.from(
      { length: 200_000 },
      (_, i) => `    {"n": ${i}, "name": "row ${i} of the many there are"},`,
    );
    const data = `ALLOWED_HOSTS = []\nROWS = [\n${rows.join("\n")}\n]\n`;
    expect(data.length).toBeGreaterThan(10_000_000);
    const { code, text, found } = await judged(
      site("from tute.data import *\nDEBUG = True\n", { "tute/data.py": data }),
    );
    expect(code).toBe(3);
    expect(found).toContain("security.W018 certain 2");
    expect(found).toContainEqual(expect.stringMatching(/^djdeploy\.not-followed unknown /));
    expect(text).toMatch(/tute\/data\.py is too long to read: 1\d MB/);
  });

  it("a file that only the host has: what it decides is not known, the rest is", async () => {
    const { code, text, found } = await judged(
      site(
        `import json\nwith open("/etc/tute.json") as f:\n    KEYS = json.load(f)\nSECRET_KEY = KEYS["key"]\nDEBUG = False\nALLOWED_HOSTS = []\n`,
      ),
    );
    expect(code).toBe(3);
    expect(text).toContain("the content of /etc/tute.json on the host");
    expect(found).toContainEqual(expect.stringMatching(/^security\.W009 unknown /));
    expect(found).toContain("security.W020 certain 6");
  });
});
