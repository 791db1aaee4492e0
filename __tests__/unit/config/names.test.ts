import { expect, test } from "vitest";
import { judge } from "../../../src/config/judge.ts";

const tail = "environments: {production: {hosts: [a.example]}}\n";
const problems = (text: string) =>
  judge(`app: tute\n${text}\n${tail}`).problems.map(({ message }) => message);

const own = [
  "INPUT_SECRETS",
  "ACTIONS_RUNTIME_TOKEN",
  "GITHUB_TOKEN",
  "RUNNER_TEMP",
  "STATE_began",
  "github_token",
];

test.each(own)("djdeploy.yml cannot ask for %s, which the runner keeps for itself", (name) => {
  for (const text of [`env: {secrets: [${name}]}`, `python: {env: [${name}]}`]) {
    expect(problems(text)).toEqual([expect.stringContaining("that does not begin with INPUT_")]);
  }
  expect(
    judge(`app: tute\nenvironments: {production: {hosts: [a.example], env: {secrets: [${name}]}}}\n`)
      .problems,
  ).toHaveLength(1);
});

test.each(["MY_GITHUB_TOKEN", "PIP_EXTRA_INDEX_URL", "constructor", "toString", "INPUTS", "STATEMENT"])(
  "%s is a name like any other",
  (name) => {
    expect(problems(`env: {secrets: [${name}]}`)).toEqual([]);
    expect(problems(`python: {env: [${name}]}`)).toEqual([]);
  },
);

test("a plain variable may begin as the runner's do", () => {
  expect(problems("env: {vars: {GITHUB_CLIENT: a}}")).toEqual([]);
});
