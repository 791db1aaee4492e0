import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { post } from "../../../src/action/post.ts";
import { temporaryFolder } from "../../support/repository.ts";

// What a step leaves for its post lies in a file that code of the repository finds. The post believes only what it left itself.

async function after(state: Record<string, string>, temp: string): Promise<void> {
  const env = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    await post({ ...env, RUNNER_TEMP: temp });
  } finally {
    vi.unstubAllEnvs();
  }
}

function made(...path: string[]): string {
  const folder = join(...path);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "report.json"), "{}");
  return folder;
}

it("takes away the folder of its reports", async () => {
  const temp = temporaryFolder();
  const own = made(temp, "django-deploy-a1B2c3");
  await after({ folder: own }, temp);
  expect(existsSync(own)).toBe(false);
});

it.each<[string, (temp: string, other: string) => string]>([
  ["another folder", (_, other) => made(other, "django-deploy-a1B2c3")],
  ["another name", (temp) => made(temp, "_runner_file_commands")],
  ["a way up", (temp, other) => `${temp}/django-deploy-a1B2c3/../../${other.split("/").at(-1)}`],
  ["what is not to be removed", () => "/proc/self"],
  ["no path", () => "x".repeat(100_000)],
])("%s stays, and nothing fails", async (_, named) => {
  const temp = temporaryFolder();
  const other = temporaryFolder();
  made(temp, "django-deploy-a1B2c3");
  const folder = named(temp, other);
  await after({ folder, deployment: "1e400" }, temp);
  expect([existsSync(other), folder.length > 1000 || existsSync(folder)]).toEqual([true, true]);
});

it("of a link in its place the link goes, not what it leads to", async () => {
  const temp = temporaryFolder();
  const other = made(temporaryFolder(), "kept");
  symlinkSync(other, join(temp, "django-deploy-a1B2c3"));
  await after({ folder: join(temp, "django-deploy-a1B2c3") }, temp);
  expect(existsSync(join(other, "report.json"))).toBe(true);
});
