import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listEnvironments, loadConfig } from "../../../src/config/load.ts";
import { DeployError } from "../../../src/errors.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "djdeploy-config-"));
});
afterEach(() => rm(folder, { recursive: true }));

const smallest = "app: counter\nenvironments:\n  production:\n    hosts: [203.0.113.10]\n";
const two = `${smallest}  staging:\n    app: counter-staging\n    hosts: [203.0.113.10]\n`;

async function write(text: string | Buffer, name = "djdeploy.yml"): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

async function failure(run: Promise<unknown>): Promise<DeployError> {
  const error = await run.then(
    () => new Error("did not fail"),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(DeployError);
  expect(error.exitCode).toBe(2);
  return error;
}

test("the smallest file has every default", async () => {
  const file = await write(smallest);
  const config = await loadConfig({ cwd: folder, environment: null });
  expect(config).toMatchObject({
    file,
    directory: folder,
    environment: "production",
    app: "counter",
    root: null,
    python: { version: "auto", installer: "auto", requirements: "auto" },
    server: { kind: "auto", manager: "systemd", user: "counter", stopTimeoutMs: 60_000 },
    release: { path: "/srv/counter", keep: 5 },
    drain: { minMs: 300, maxMs: 60_000 },
    hosts: [{ name: "203.0.113.10", host: "203.0.113.10", user: null, port: null, roles: ["web"] }],
    url: null,
    domains: [],
  });
  expect(config.notEnforced).toEqual(["database.unsafe-migrations: refuse", "database.lock-timeout: 5s"]);
});

test("the file is found above the current folder, and paths stay relative to it", async () => {
  const file = await write(smallest);
  const deep = join(folder, "backend", "app");
  await mkdir(deep, { recursive: true });
  expect(await loadConfig({ cwd: deep, environment: "production" })).toMatchObject({
    file,
    directory: folder,
  });
});

test("no file anywhere says how to get one", async () => {
  const error = await failure(loadConfig({ cwd: folder, environment: null }));
  expect(error.code).toBe("config.not-found");
  expect(error.message).toBe(`no djdeploy.yml in ${folder} or above`);
  expect(error.details.hint).toContain("djdeploy init");
});

test("a named file that is missing, a folder, or not text", async () => {
  const missing = await failure(loadConfig({ file: "ops/site.yml", cwd: folder, environment: null }));
  expect(missing.message).toBe("ops/site.yml: there is no such file");
  await mkdir(join(folder, "ops"));
  const directory = await failure(loadConfig({ file: "ops", cwd: folder, environment: null }));
  expect(directory.message).toBe("ops cannot be read: it is a folder");
  await write(Buffer.from([0x61, 0xff, 0xfe]));
  expect((await failure(loadConfig({ cwd: folder, environment: null }))).message).toBe(
    "djdeploy.yml cannot be read: it is not UTF-8 text",
  );
});

test("an environment must be named where there are several, and be there", async () => {
  const file = await write(two);
  expect(await listEnvironments(file)).toEqual(["production", "staging"]);
  const unnamed = await failure(loadConfig({ cwd: folder, environment: null }));
  expect(unnamed.message).toBe("which environment? djdeploy.yml has production, staging");
  const misspelt = await failure(loadConfig({ cwd: folder, environment: "producton" }));
  expect(misspelt.message).toBe('djdeploy.yml has no environment "producton"; did you mean "production"?');
  const strange = await failure(loadConfig({ cwd: folder, environment: "qa" }));
  expect(strange.message).toBe('djdeploy.yml has no environment "qa", only production, staging');
});

test("a byte order mark and Windows line endings are read as usual", async () => {
  await write(`\uFEFF${smallest.replaceAll("\n", "\r\n")}`);
  expect((await loadConfig({ cwd: folder, environment: null })).app).toBe("counter");
});

test("facts for the lint are stated for all environments, and for one", async () => {
  await write(
    `app: counter
lint:
  assume: {MIDDLEWARE: keeps a.B, DATABASES: {default: {NAME: null}}, DEBUG: false}
environments:
  production:
    hosts: [203.0.113.10]
    lint: {assume: {DEBUG: true, MIDDLEWARE: null, ALLOWED_HOSTS: [a.example.com]}}
`,
  );
  const { lint } = await loadConfig({ cwd: folder, environment: "production" });
  expect(lint.assume).toEqual({
    DATABASES: { default: { NAME: null } },
    DEBUG: true,
    ALLOWED_HOSTS: ["a.example.com"],
  });
  await write(smallest.replace("environments", "lint: {assume: {debug: false}}\nenvironments"));
  expect((await failure(loadConfig({ cwd: folder, environment: null }))).message).toContain("debug");
});
