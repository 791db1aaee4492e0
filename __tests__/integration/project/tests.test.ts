import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import { readProject, runTests } from "../../../src/project/index.ts";
import type { Event } from "../../../src/report/event.ts";
import { alive } from "../../support/alive.ts";
import { configFor, djangoFiles, type Repository, repository } from "../../support/repository.ts";

const example = new URL("../../../examples/counter/", import.meta.url).pathname;

// A cache and a folder for temporary files of our own, so that it can be seen what a run leaves behind.
const cache = mkdtempSync(join(tmpdir(), "djdeploy-cache-"));
const temporary = mkdtempSync(join(tmpdir(), "djdeploy-tmp-"));

beforeAll(() => {
  vi.stubEnv("XDG_CACHE_HOME", cache);
  vi.stubEnv("TMPDIR", temporary);
  vi.stubEnv("INPUT_SSH-PRIVATE-KEY", "the-key");
  vi.stubEnv("GITHUB_TOKEN", "the-token");
  vi.stubEnv("SECRET_KEY", "the-secret");
  vi.stubEnv("SSH_AUTH_SOCK", "/the-agent");
});
afterAll(() => {
  vi.unstubAllEnvs();
  for (const folder of [cache, temporary]) rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  const left = readdirSync(temporary).filter((name) => /checkout|index/.test(name));
  expect(left, "nothing is left behind").toEqual([]);
});

async function run(repo: Repository, test: Partial<Config["test"]> = {}, options: RunOptions = {}) {
  const config = configFor(repo.directory);
  config.test = { ...config.test, ...test };
  if (options.python) config.python.version = options.python;
  const events: Omit<Event, "time">[] = [];
  const project = await readProject(config, null);
  const emit = (event: Omit<Event, "time">) => {
    events.push(event);
    if (event.code === "step.output") options.onOutput?.(event.message);
  };
  const report = await runTests(config, project, emit, options.signal);
  const output = events.filter(({ code }) => code === "step.output").map(({ message }) => message);
  return { report, output, warnings: events.filter(({ level }) => level === "warning") };
}

interface RunOptions {
  python?: string;
  signal?: AbortSignal;
  onOutput?(line: string): void;
}

/** A project that needs no package, so that its environment is made at once. */
function plain(files: Record<string, string> = {}): Repository {
  return repository({ ...djangoFiles(), "requirements.txt": "# nothing\n", ...files });
}

describe("the example's own tests", () => {
  const repo = repository({}, mkdtempSync(join(temporary, "counter-")));
  cpSync(example, repo.directory, {
    recursive: true,
    filter: (path) => !/__pycache__|sqlite3|\.venv/.test(path),
  });
  repo.commit();
  const change = (file: string, from: string, to: string) => {
    const path = join(repo.directory, file);
    const text = execFileSync("cat", [path], { encoding: "utf8" });
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
    repo.commit();
  };

  it("pass, the second time in the same environment", async () => {
    expect((await run(repo)).report).toEqual({ command: "manage.py test", ran: 3, reusedEnvironment: false });
    expect((await run(repo)).report).toEqual({ command: "manage.py test", ran: 3, reusedEnvironment: true });
  });

  it("are named where they fail", async () => {
    change("visits/models.py", "visits += 1", "visits += 2");
    await expect(run(repo)).rejects.toMatchObject({
      code: "tests.failed",
      exitCode: 4,
      message: "1 of 3 tests failed: visits.tests.HomeTests.test_counts_every_visit",
      details: { output: expect.stringContaining("FAILED (failures=1)") },
    });
    change("visits/models.py", "visits += 2", "visits += 1");
    change("visits/tests.py", "from .models", "from .nowhere");
    await expect(run(repo)).rejects.toMatchObject({
      exitCode: 4,
      message: "1 of 1 tests failed: visits.tests",
    });
    change("visits/tests.py", "from .nowhere", "from .models");
  });

  it("that need a secret get a hint, and one of their own from test.env", async () => {
    const settings = "counter.settings.production";
    await expect(run(repo, { settings })).rejects.toMatchObject({
      code: "tests.failed",
      details: { hint: expect.stringContaining("test: {env:") },
    });
    const env = { SECRET_KEY: "for tests", ALLOWED_HOSTS: "testserver" };
    const command =
      "python manage.py test --settings counter.settings.production visits.tests.AdminTests || true";
    expect((await run(repo, { settings, env, command })).report?.ran).toBe(1);
  });

  it("are missed where there are none", async () => {
    repo.git("rm", "-q", "visits/tests.py");
    repo.commit();
    const { report, warnings } = await run(repo);
    expect(report?.ran).toBe(0);
    expect(warnings.map(({ message }) => message)).toEqual(["manage.py test: no tests were found"]);
  });

  it("run in a new environment where the kept one broke", async () => {
    const folder = join(cache, "djdeploy", "tests");
    // Without a package it is made in a moment.
    const bare = plain();
    const test = { command: "true" };
    await run(bare, test);
    for (const name of readdirSync(folder)) rmSync(join(folder, name, "bin", "python"), { force: true });
    expect((await run(bare, test)).report?.reusedEnvironment).toBe(false);
    expect((await run(bare, test)).report?.reusedEnvironment).toBe(true);
  });
});

describe("pytest, where it is configured", () => {
  const repo = repository(
    {
      ...djangoFiles(),
      "requirements.txt": "# nothing\n",
      "requirements/dev.txt": "-r ../requirements.txt\n-r test.txt\n",
      "requirements/test.txt": "pytest==9.0.1\n",
      "pytest.ini": "[pytest]\n",
      ".gitattributes": "test_* export-ignore\n",
      "test_x.py":
        "def test_a(): pass\ndef test_b(): assert 0, 'why'\nclass TestC:\n    def test_d(self): 1/0\n",
    },
    mkdtempSync(join(temporary, "pytest-")),
  );

  it("names what fails, also tests that are not shipped", async () => {
    await expect(run(repo)).rejects.toMatchObject({
      exitCode: 4,
      message: "2 of 3 tests failed: test_x.py::test_b, test_x.py::TestC::test_d",
    });
  });

  it("says where it finds none", async () => {
    repo.git("rm", "-q", "test_x.py");
    repo.commit();
    const { report, warnings } = await run(repo);
    expect(report).toMatchObject({ command: "pytest", ran: 0 });
    expect(warnings.map(({ message }) => message)).toEqual(["pytest: no tests were found"]);
  });
});

describe("a command of the project's own", () => {
  it("sees test.env and nothing of what the run holds", async () => {
    const { output } = await run(plain(), {
      command: "env; pwd; ls",
      env: { FLAVOUR: "plain" },
      settings: "tute.x",
    });
    expect(output).toContain("FLAVOUR=plain");
    expect(output).toContain("DJANGO_SETTINGS_MODULE=tute.x");
    expect(output).toContain("manage.py");
    expect(output.join("\n")).not.toMatch(/the-key|the-token|the-secret|the-agent/);
  });

  it("fails by its exit code", async () => {
    await expect(run(plain(), { command: "echo broken; exit 3" })).rejects.toMatchObject({
      exitCode: 4,
      message: "The tests could not run: echo broken; exit 3 ended with exit code 3",
      details: { output: expect.stringContaining("broken") },
    });
  });

  it("is not run where it is switched off", async () => {
    expect((await run(plain(), { command: false })).report).toBeNull();
  });

  it("ends with everything it started when the run is aborted", async () => {
    const aborter = new AbortController();
    let pid = 0;
    const command = "sleep 300 & echo pid=$!; wait";
    const onOutput = (line: string) => {
      pid = Number(/^pid=(\d+)/.exec(line)?.[1] ?? pid);
      if (pid > 0) aborter.abort(new Error("stopped by the user"));
    };
    await expect(run(plain(), { command }, { signal: aborter.signal, onOutput })).rejects.toThrow(
      "stopped by the user",
    );
    await vi.waitFor(() => expect(alive(pid)).toBe(false));
  });
});

describe("what the tests need", () => {
  it("is installed from uv.lock, with the groups for development and without the project", async () => {
    const tools = join(temporary, "tools");
    // By the pip of an environment that is there already.
    const made = join(cache, "djdeploy", "tests");
    await run(plain(), { command: "true" });
    const pythons = readdirSync(made).map((name) => join(made, name, "bin", "python"));
    const python = pythons.find((path) => existsSync(path))!;
    execFileSync(python, ["-m", "pip", "install", "-q", "--no-compile", "--target", tools, "uv"]);
    const { "requirements.txt": _, ...files } = djangoFiles();
    const repo = repository(files);
    repo.write({
      "pyproject.toml": `[project]
name = "tute"
version = "0"
requires-python = ">=3.9"
dependencies = ["sqlparse==0.5.3"]
[dependency-groups]
test = ["iniconfig==2.1.0"]
docs = ["typing-extensions"]
`,
    });
    execFileSync(join(tools, "bin", "uv"), ["lock", "-q"], { cwd: repo.directory });
    repo.commit();
    const config = configFor(repo.directory);
    expect(await readProject(config, null)).toMatchObject({
      installer: { value: "uv", evidence: "detected from uv.lock" },
      requirements: ["uv.lock", "pyproject.toml"],
      packages: { sqlparse: "0.5.3" },
      python: { value: ">=3.9" },
    });
    const command = "python -c 'import sqlparse, iniconfig; print(sqlparse.__version__)'; python -m pip list";
    const { output } = await run(repo, { command });
    expect(output).toContain("0.5.3");
    expect(output.join("\n")).not.toMatch(/^(?:tute|typing.extensions) /m);
  });

  it("is reported where it can not be installed", async () => {
    const repo = plain({ "requirements-dev.txt": "there-is-no-such-package-as-this==1\n" });
    await expect(run(repo)).rejects.toMatchObject({
      code: "tests.install",
      exitCode: 1,
      details: { output: expect.stringContaining("there-is-no-such-package-as-this") },
    });
  });

  it("is a Python that the project accepts", async () => {
    await expect(run(plain(), {}, { python: ">=3.99" })).rejects.toMatchObject({
      code: "tests.no-python",
      message: "The tests need Python >=3.99, which is not on PATH",
      details: { seen: expect.stringMatching(/^python3 is 3\.\d+\.\d+/) },
    });
  });

  it("is Python at all, and its venv module", async () => {
    const bin = join(temporary, "bin");
    mkdirSync(bin);
    symlinkSync(execFileSync("which", ["git"], { encoding: "utf8" }).trim(), join(bin, "git"));
    const path = process.env.PATH!;
    vi.stubEnv("PATH", bin);
    try {
      await expect(run(plain())).rejects.toMatchObject({
        code: "tests.no-python",
        details: { seen: "no python3" },
      });
      // Debian's python3 without python3-venv.
      writeFileSync(
        join(bin, "python3"),
        `#!/bin/sh
if [ "$1" = -c ]; then echo "3.13.5 ${join(bin, "python3")}"; exit; fi
echo "The virtual environment was not created successfully because ensurepip is not available."
exit 1
`,
      );
      chmodSync(join(bin, "python3"), 0o755);
      await expect(run(plain())).rejects.toMatchObject({
        code: "tests.no-venv",
        details: { hint: expect.stringContaining("apt-get install python3-venv") },
      });
    } finally {
      vi.stubEnv("PATH", path);
    }
  });
});
