import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository, temporaryFolder } from "../../support/repository.ts";

// The built faces, with a fault of our own put into them from outside: none of its text may be printed.

const secret = "hunter2-and-more";
const dist = join(process.cwd(), "dist");

/** Runs a face after a program that is loaded before it. */
function run(face: "cli" | "action", fault: string, words: string[] = [], env: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const preload = join(folder, "fault.cjs");
  writeFileSync(preload, `const secret = "${secret}";\n${fault}\n`);
  const file = (name: string, text = "") => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const project = repository({ "djdeploy.yml": "app: [\n" });
  const files = {
    GITHUB_OUTPUT: file("output"),
    GITHUB_STATE: file("state"),
    GITHUB_STEP_SUMMARY: file("summary"),
    GITHUB_EVENT_NAME: "push",
    GITHUB_EVENT_PATH: file("event.json", "{}"),
    GITHUB_WORKSPACE: project.directory,
    RUNNER_TEMP: folder,
  };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", preload, "--", join(dist, face, "index.js"), ...words],
    {
      encoding: "utf8",
      cwd: project.directory,
      env: { PATH: process.env["PATH"], HOME: folder, ...(face === "action" ? files : {}), ...env },
    },
  );
  const read = (name: "GITHUB_OUTPUT" | "GITHUB_STEP_SUMMARY") => readFileSync(files[name], "utf8");
  return { status, stdout, stderr, outputs: read("GITHUB_OUTPUT"), summary: read("GITHUB_STEP_SUMMARY") };
}

const faults = {
  thrown: `setImmediate(() => { throw new TypeError(secret); });`,
  rejected: `setImmediate(() => Promise.reject(new TypeError(secret)));`,
};

describe("what nobody catches is one line without its text", () => {
  it.each(["thrown", "rejected"] as const)("%s, on the command line", (how) => {
    const { status, stdout, stderr } = run("cli", faults[how], ["--version"]);
    expect(status).toBe(1);
    expect(stderr).toBe("djdeploy ended on an error of its own (internal): TypeError\n");
    expect(stdout).not.toContain(secret);
  });

  it.each(["thrown", "rejected"] as const)("%s, in the action", (how) => {
    const { status, stdout, stderr, outputs, summary } = run("action", faults[how]);
    expect(status).toBe(1);
    expect(stdout).toContain("::error::djdeploy ended on an error of its own (internal): TypeError\n");
    expect(summary).toContain("### ❌ djdeploy ended on an error of its own (internal): TypeError");
    expect(stdout + stderr + outputs + summary).not.toContain(secret);
  });
});

it("the action's outputs, exit code and summary are right where its log fails", () => {
  const fault = `const write = process.stdout.write;
process.stdout.write = function (text, ...rest) {
  if (String(text).startsWith("::error")) throw new Error(secret);
  return write.call(this, text, ...rest);
};`;
  const { status, stdout, stderr, outputs, summary } = run("action", fault);
  expect(status).toBe(2);
  expect(outputs).toMatch(/^result<<.*\nrefused\n/m);
  expect(summary).toContain("djdeploy.yml");
  expect(summary).toMatch(/The log of this step is not complete: an error of our own \(internal, .*Error/);
  expect(stdout + stderr + outputs + summary).not.toContain(secret);
});
