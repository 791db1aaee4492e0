import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { splitEnvironment } from "../../../src/cli/environment.ts";
import { djdeploy } from "../../support/cli.ts";
import { temporaryFolder } from "../../support/repository.ts";

describe("the environment", () => {
  it("may be left out where there is one", () => {
    expect(splitEnvironment([], ["production"], false)).toEqual({ environment: "production", rest: [] });
    expect(splitEnvironment(["worker"], ["production"], true)).toEqual({
      environment: "production",
      rest: ["worker"],
    });
    expect(splitEnvironment(["production", "worker"], ["production"], true).rest).toEqual(["worker"]);
  });

  it("must be named where there are several", () => {
    expect(() => splitEnvironment([], ["staging", "production"], false)).toThrow("staging, production");
    expect(() => splitEnvironment(["worker"], ["staging", "production"], true)).toThrow(
      "no environment like that",
    );
  });

  it("is not guessed when it is misspelt", () => {
    expect(() => splitEnvironment(["prodution"], ["production"], false)).toThrow(
      'did you mean "production"?',
    );
    expect(() => splitEnvironment(["prod"], ["production"], false)).toThrow('did you mean "production"?');
  });
});

function project(yaml: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "djdeploy.yml"), yaml);
  return folder;
}

const two =
  "app: counter\nenvironments:\n  production: {hosts: [10.0.0.1]}\n  staging: {app: counter-s, hosts: [10.0.0.2]}\n";

describe("through the command line", () => {
  it("says where it looked for the configuration", async () => {
    const cwd = temporaryFolder();
    const { code, stderr } = await djdeploy(["deploy"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(`no djdeploy.yml in ${cwd} or above`);
  });

  it("searches the configuration upward", async () => {
    const folder = project(two);
    mkdirSync(join(folder, "a/b"), { recursive: true });
    const { code, stderr } = await djdeploy(["status", "prodution"], { cwd: join(folder, "a/b") });
    expect(code).toBe(2);
    expect(stderr).toContain('there is no environment "prodution"; did you mean "production"?');
  });

  it("names the line of a mistake", async () => {
    const { code, stderr } = await djdeploy(["status"], { cwd: project("app: counter\nenvironment: {}\n") });
    expect(code).toBe(2);
    expect(stderr).toMatch(/djdeploy\.yml:2:1: .*environments/);
  });

  it("asks which one is meant", async () => {
    const { code, stderr } = await djdeploy(["deploy"], { cwd: project(two) });
    expect(code).toBe(2);
    expect(stderr).toContain("which environment? djdeploy.yml has production, staging");
  });

  it("ends a verb that acts with a result line, also when nothing was begun", async () => {
    const { code, stdout } = await djdeploy(["deploy", "prod", "--format", "json"], { cwd: project(two) });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(2);
    expect(lines.at(-1)).toEqual({
      code: "result",
      result: "refused",
      environment: "prod",
      release: null,
      previousRelease: null,
      revision: null,
      url: null,
      durationMs: 0,
      hosts: [],
      steps: [],
    });
    expect(lines.at(-2)).toMatchObject({ code: "error", message: expect.stringContaining('"production"') });
  });

  it("does not show what may be a value", async () => {
    const cwd = project("app: counter\nenvironments: {production: {hosts: [10.0.0.1]}}\n");
    for (const words of [
      ["set", "TOKEN", "hunter2hunter2"],
      ["set", "TOKEN=hunter2hunter2"],
    ]) {
      const { code, stdout, stderr } = await djdeploy(["env", "production", ...words, "--identity", "key"], {
        cwd,
      });
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain("hunter2");
    }
  });

  it("names the line of a mistake in --env-file, and nothing of the value", async () => {
    const cwd = project("app: counter\nenvironments: {production: {hosts: [10.0.0.1]}}\n");
    const { code, stderr } = await djdeploy(["deploy", "--env-file", "-"], {
      cwd,
      input: "A=1\nhunter2 hunter2\n",
    });
    expect(code).toBe(2);
    expect(stderr).toContain("<stdin>:2: this is not NAME=VALUE");
    expect(stderr).not.toContain("hunter2");
  });

  it("says that --env-file is missing", async () => {
    const cwd = project("app: counter\nenvironments: {production: {hosts: [10.0.0.1]}}\n");
    const { code, stderr } = await djdeploy(["deploy", "--env-file", "nowhere.env"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("nowhere.env: there is no such file");
  });
});
