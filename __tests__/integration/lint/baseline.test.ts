import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, repository } from "../../support/repository.ts";

const settings = `import os
DEBUG = True
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["www.example.com"]
`;
const config = `# Ours
app: tute          # the name
lint:
    fail-level: warning   # strict
environments:
  production: {hosts: [203.0.113.10]}
`;
const project = () => repository({ ...djangoFiles(), "tute/settings.py": settings, "djdeploy.yml": config });
const text = (folder: string) => readFileSync(join(folder, "djdeploy.yml"), "utf8");
const baseline = (cwd: string, ...words: string[]) => djdeploy(["lint", "--baseline", ...words], { cwd });

it("writes today's certain findings with the date, and keeps the rest of the file", async () => {
  const { directory, git } = project();
  expect((await djdeploy(["lint"], { cwd: directory })).code).toBe(3);
  const { code, stdout } = await baseline(directory);
  const today = new Date().toISOString().slice(0, 10);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`ignores security.W018: baseline ${today}\n`)]);
  expect(stdout).toContain("written to lint.ignore of djdeploy.yml");
  const removed = git("diff")
    .split("\n")
    .filter((line) => /^-(?!--)/.test(line));
  expect(removed).toEqual([]);
  expect(text(directory)).toContain(
    `    fail-level: warning   # strict\n    ignore:\n      security.W018: "baseline ${today}"\n`,
  );
  expect((await djdeploy(["lint"], { cwd: directory })).code).toBe(0);
});

it("changes nothing the second time, and what it no longer hides is reported", async () => {
  const { directory, write } = project();
  await baseline(directory);
  const before = text(directory);
  expect((await baseline(directory)).stdout).toContain("nothing certain to ignore");
  expect(text(directory)).toBe(before);
  write({ "tute/settings.py": settings.replace("True", "False") });
  const { stdout } = await djdeploy(["lint", "--format", "json"], { cwd: directory });
  expect(JSON.parse(stdout).findings.map((f: { message: string }) => f.message)).toContain(
    "lint.ignore names security.W018, but there is no such finding",
  );
  await baseline(directory);
  expect(text(directory)).toBe(before);
});

it("leaves what the environment decides, so that it shows when it becomes certain", async () => {
  const { directory, write } = project();
  write({ "tute/settings.py": settings.replace("True", 'os.environ.get("DEBUG") == "1"') });
  const { stdout } = await baseline(directory);
  expect(stdout).toContain("left in: the environment decides them");
  expect(text(directory)).not.toContain("security.W018");
});

it("shows it only with --dry-run, and needs a djdeploy.yml", async () => {
  const { directory, git } = project();
  expect((await baseline(directory, "--dry-run")).stdout).toContain("djdeploy.yml stays as it is");
  expect(text(directory)).toBe(config);
  git("rm", "-q", "djdeploy.yml");
  expect(await baseline(directory)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("there is no djdeploy.yml to write the baseline into"),
  });
});
