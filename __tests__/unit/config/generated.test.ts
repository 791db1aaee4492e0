import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { generated } from "../../../scripts/generated.ts";
import { judge } from "../../../src/config/judge.ts";

const root = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

test.each(Object.entries(generated()))("%s is what npm run generate writes", (path, text) => {
  expect(read(path)).toBe(text);
});

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(generated()["schema/djdeploy.schema.json"]!),
);
const reference = read("__tests__/unit/config/reference.yml");

test("a file with every key is valid for the schema and for the program", () => {
  expect(validate(parse(reference)), JSON.stringify(validate.errors)).toBe(true);
  expect(judge(reference).problems).toEqual([]);
});

test("its values at the top level are the defaults", () => {
  const { environments } = judge(`${reference}  smallest:\n    app: smallest\n    hosts: [web1]\n`);
  const { app: _, hosts: __, ...written } = environments.get("smallest")!;
  const {
    app: ___,
    hosts: ____,
    ...defaults
  } = judge("app: counter\nenvironments:\n  smallest:\n    hosts: [web1]\n").environments.get("smallest")!;
  expect(written).toEqual(defaults);
});

const top = "app: counter\nenvironments:\n  production:\n    hosts: [web1]\n";

test.each([
  ["a value reset below", `${top}    server: null\n    health: {path: null}\n`, true],
  ["a part of a map that the top level completes", `${top}    processes: {beat: {roles: [jobs]}}\n`, true],
  ["an entry taken out below", `${top}    env: {vars: {A: null}}\n`, true],
  ["variables that look like numbers", `${top}    env: {vars: {PORT: 8000, DEBUG: false}}\n`, true],
  ["hosts at the top", `${top}hosts: [a]\n`, false],
  ["no hosts", "app: counter\nenvironments: {production: {}}\n", false],
  ["no app", "environments: {production: {hosts: [a]}}\n", false],
  ["no environment", "app: counter\nenvironments: {}\n", false],
  ["an unknown key below", `${top}    ngnix: none\n`, false],
  ["a duration without a unit", `${top}    health: {deadline: 60}\n`, false],
])("the schema judges %s", (_, text, valid) => {
  expect(validate(parse(text))).toBe(valid);
});

test("an editor is told the default, the meaning and what is not built yet", () => {
  const { properties } = JSON.parse(generated()["schema/djdeploy.schema.json"]!);
  const { strategy } = properties.environments.additionalProperties.properties.server.anyOf[0].properties;
  expect(strategy).toMatchObject({
    default: "blue-green",
    description: expect.stringContaining("So far only blue-green and restart"),
  });
});
