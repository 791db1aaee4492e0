import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { namesOfBase } from "../../../src/action/base-hosts.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { repository } from "../../support/repository.ts";

const file = (secrets: string, install: string) => ({
  "djdeploy.yml": `app: tute\nenv: {secrets: [${secrets}]}\npython: {env: [${install}]}\nenvironments: {production: {hosts: [a.example]}}\n`,
});

it("a pull request takes no variable of the step that the branch it goes to does not name", async () => {
  const repo = repository(file("KEPT, GONE", "INDEX"));
  repo.git("checkout", "-qb", "change");
  repo.write(file("KEPT, OTHER", "INDEX, KEPT, OTHER"));
  repo.commit();
  repo.git("checkout", "-q", "main");
  repo.commit("Of the branch");
  // What GitHub checks out.
  repo.git("merge", "-q", "--no-ff", "-m", "Merge", "change");
  const load = (cwd: string) => loadConfig({ cwd, environment: null });
  expect(await namesOfBase(await load(repo.directory))).toEqual({ secrets: ["KEPT"], install: ["INDEX"] });
  // Where the clone does not hold that branch, nothing is taken.
  const shallow = join(repo.directory, "shallow");
  execFileSync("git", ["clone", "-q", "--depth", "1", `file://${repo.directory}`, shallow]);
  expect(await namesOfBase(await load(shallow))).toEqual({ secrets: [], install: [] });
});
