import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inputNames, readInputs } from "../../../src/action/inputs.ts";
import { parseSecrets } from "../../../src/action/secrets.ts";

describe("inputs", () => {
  it("have the defaults of action.yml", () => {
    const { inputs } = parse(readFileSync("action.yml", "utf8"));
    expect(Object.keys(inputs).sort()).toEqual([...inputNames].sort());
    const env: Record<string, string> = {};
    for (const [name, { default: value = "" }] of Object.entries<{ default?: string }>(inputs)) {
      env[`INPUT_${name.toUpperCase()}`] = value;
    }
    expect(readInputs(env)).toEqual(readInputs({}));
    expect(readInputs({})).toMatchObject({
      command: "deploy",
      environment: "production",
      config: "djdeploy.yml",
      tests: "run",
    });
  });

  it.each([
    [{ INPUT_COMMAND: "deplyo" }, 'not "deplyo"; did you mean "deploy"?'],
    [{ INPUT_ENVIROMENT: "staging" }, 'there is no input "enviroment"; did you mean "environment"?'],
    [{ "INPUT_FAIL-LEVEL": "warn" }, "fail-level takes error, warning, info, never"],
    [{ INPUT_TESTS: "no" }, "tests takes run, skip, checked"],
    [{ "INPUT_COMMENT-ON-PR": "yes" }, "comment-on-pr takes true, false"],
    [
      { INPUT_COMMAND: "test", "INPUT_SARIF-FILE": "lint.sarif" },
      "sarif-file belongs to lint, plan and deploy",
    ],
    [{ INPUT_RELEASE: "previous" }, "the input release belongs to command: rollback"],
  ])("%j is refused", (env, message) => {
    expect(() => readInputs(env)).toThrow(message);
  });
});

describe("the input secrets", () => {
  it("takes lines as they stand, and values of several lines", () => {
    const key = "-----BEGIN KEY-----\n  a=b\n\nEND\n-----END KEY-----";
    const text = `SECRET_KEY='#x=$y"z\n\nEMPTY=\nKEY<<EOT\n${key}\nEOT\r\nLAST=1`;
    expect(parseSecrets(text)).toEqual({ SECRET_KEY: `'#x=$y"z`, EMPTY: "", KEY: key, LAST: "1" });
  });

  it.each([
    ["A=1\nhunter2hunter2", "line 2: this is not NAME=VALUE"],
    ["A=1\nA=2", "line 2: the same name was given before"],
    ["A<<EOT\nhunter2", "line 1: the line that ends this value is missing"],
    ["A<<\nhunter2\n", "line 1: the line that ends this value is missing"],
  ])("%j names the line and shows nothing of it", (text, message) => {
    expect(() => parseSecrets(text)).toThrow(message);
    try {
      parseSecrets(text);
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).not.toContain("hunter2");
    }
  });
});
