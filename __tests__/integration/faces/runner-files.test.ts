import { execFileSync } from "node:child_process";
import { linkSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";
import { runStep } from "../../support/runner.ts";

// The files that the runner gives a step to write to lie where code of the repository can put something else.
const yml = "app: tute\nenvironments: {production: {hosts: [203.0.113.10]}}\n";

/** What may stand in the place of a file, and the file that must stay as it is. */
const odd: Record<string, (folder: string, kept: string) => string> = {
  pipe(folder) {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    return path;
  },
  link(folder, kept) {
    symlinkSync(kept, join(folder, "link"));
    return join(folder, "link");
  },
  "second name"(folder, kept) {
    linkSync(kept, join(folder, "second"));
    return join(folder, "second");
  },
  nothing: (folder) => join(folder, "nothing"),
  "full device": () => "/dev/full",
};

async function lint(places: Record<string, string>) {
  const folder = temporaryFolder();
  const kept = join(folder, "kept");
  writeFileSync(kept, "mine\n");
  const env = Object.fromEntries(
    Object.entries(places).map(([name, kind]) => [name, odd[kind]!(folder, kept)]),
  );
  const { directory } = repository({ ...djangoFiles(), "djdeploy.yml": yml });
  const run = await runStep(
    directory,
    { command: "lint", "fail-level": "never" },
    { env, onStart: (child) => onTestFinished(() => void child.kill("SIGKILL")) },
  );
  expect(readFileSync(kept, "utf8")).toBe("mine\n");
  return run;
}

it.each([
  ["pipe", "link"],
  ["link", "second name"],
  ["second name", "nothing"],
  ["nothing", "full device"],
  ["full device", "pipe"],
])("outputs to a %s and the summary to a %s are warnings, one each", async (output, summary) => {
  const { code, log, annotations } = await lint({ GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary });
  const said = annotations.filter((one) => one.includes("GITHUB_"));
  expect([code, said], log).toEqual([
    0,
    [
      expect.stringMatching(/^::warning::.*GITHUB_OUTPUT cannot be written/),
      expect.stringMatching(/^::warning::.*GITHUB_STEP_SUMMARY cannot be written/),
    ],
  ]);
});

it.each(["pipe", "link", "nothing", "full device"])(
  "a step whose state would go to a %s does nothing, also in its post",
  async (kind) => {
    const { code, log, outputs, annotations } = await lint({ GITHUB_STATE: kind });
    expect([code, outputs["result"], annotations], log).toEqual([
      1,
      "failed",
      [expect.stringMatching(/^::error::nothing was done: .*GITHUB_STATE/)],
    ]);
    expect(log).toContain("::save-state name=began::true\n");
  },
);

it("a folder for reports that is not there is a warning", async () => {
  const { directory } = repository({ ...djangoFiles(), "djdeploy.yml": yml });
  const inputs = { command: "lint", "fail-level": "never" };
  const run = await runStep(directory, inputs, { env: { RUNNER_TEMP: join(directory, "gone") } });
  expect([run.code, run.annotations, run.outputs["report"]], run.log).toEqual([
    0,
    expect.arrayContaining([expect.stringMatching(/^::warning::.*report/)]),
    "",
  ]);
});
