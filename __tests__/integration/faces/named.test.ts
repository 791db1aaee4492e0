import { expect, it } from "vitest";
import { djangoFiles, repository } from "../../support/repository.ts";
import { runStep } from "../../support/runner.ts";

const file = (secrets: string, install: string) => ({
  "djdeploy.yml": `app: tute\nenv: {secrets: [${secrets}]}\npython: {env: [${install}]}\nenvironments: {production: {hosts: [a.example]}}\n`,
});

it("the plan of a pull request takes of the step what the branch it goes to names", async () => {
  const repo = repository({ ...djangoFiles(), ...file("KEPT", "INDEX") });
  repo.git("checkout", "-qb", "change");
  repo.write(file("KEPT, OTHER", "INDEX, MORE"));
  repo.commit();
  repo.git("checkout", "-q", "main");
  repo.git("merge", "-q", "--no-ff", "-m", "Merge", "change");
  const env = { KEPT: "kept-12345", OTHER: "other-12345", INDEX: "index-12345", MORE: "more-12345" };
  const step = async (name: string) => {
    const { masks } = await runStep(
      repo.directory,
      { command: "plan" },
      { env, event: { name, payload: {} } },
    );
    return Object.values(env).filter((value) => masks.includes(value));
  };
  // Whatever is taken is hidden first.
  expect(await step("push")).toEqual(Object.values(env));
  expect(await step("pull_request")).toEqual(["kept-12345", "index-12345"]);
});
