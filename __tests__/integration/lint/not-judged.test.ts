import { expect, it } from "vitest";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, repository } from "../../support/repository.ts";

/** Everything comes from a package that is not in the repository. */
const project = { ...djangoFiles(), "tute/settings.py": "from corporate.settings import *\n" };
const lint = async (...words: string[]) =>
  djdeploy(["lint", ...words], { cwd: repository(project).directory });

it("ends with 3 where nothing could be judged, and says the way out", async () => {
  const { code, stdout } = await lint();
  expect([code, stdout]).toEqual([
    3,
    expect.stringMatching(
      /tute\.settings: not judged: corporate\.settings is outside the project\nnext: .*--settings/,
    ),
  ]);
  expect(stdout).not.toContain("stops a release");
});

it("tells scripts why, and ends with 0 where nothing shall stop", async () => {
  const { code, stdout } = await lint("--format", "json", "--fail-level", "never");
  expect([code, JSON.parse(stdout).notJudged]).toEqual([0, "corporate.settings is outside the project"]);
});

it("says that a module was named on the command line", async () => {
  const { code, stderr } = await lint("--settings", "tute.other");
  expect([code, stderr]).toEqual([2, expect.stringContaining("(given by --settings)")]);
});
