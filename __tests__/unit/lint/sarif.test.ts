import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { allRules, lintToSarif } from "../../../src/lint/index.ts";
import type { Finding, LintResult } from "../../../src/lint/types.ts";
import { codeScanningSchema } from "../../support/sarif-schema.ts";
import type { Options } from "./cases/case.ts";
import { lintText, SOUND } from "./judge-of.ts";

const validate = new Ajv({ allErrors: true, strictRequired: false }).compile(codeScanningSchema);

function sarif(settings: string, options?: Options) {
  const [run] = lintToSarif(lintText(settings, options), "1.2.3").runs;
  return { results: run?.results ?? [], rules: run?.tool.driver.rules ?? [], properties: run?.properties };
}

function expectValid(result: LintResult): void {
  const log = JSON.parse(JSON.stringify(lintToSarif(result, "1.2.3")));
  expect(validate(log), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
}

test.each<[string, string, Options?]>([
  ["with findings of every level", "DEBUG = True\nINSTALLED_APPS = ['silk']"],
  [
    "without any",
    SOUND,
    { environment: { SECRET_KEY: "correct-horse-battery-staple-correct-horse-battery" } },
  ],
  [
    "with what depends and what is not known",
    "import os, x\nDEBUG = os.environ.get('D')\nALLOWED_HOSTS = x.y()",
  ],
  ["with suppressed ones", `${SOUND}\nSECURE_HSTS_SECONDS = 0`, { ignore: { "security.W004": "nginx" } }],
  ["without settings", "", { settingsModule: "mysite.other" }],
  ["that do not parse", "DEBUG = (\nX = 1"],
])("settings %s make a log that code scanning takes", (_, settings, options) => {
  expectValid(lintText(settings, options));
});

test("every rule describes itself as code scanning wants it", () => {
  const findings = allRules().map(({ id, level, title }, i): Finding => {
    const about = { file: i % 2 ? "" : "a folder/#1?.py", line: 0, column: 0, setting: null, docs: null };
    return { id, level, message: title, hint: "", certainty: "certain", dependsOn: [], also: [], ...about };
  });
  expectValid({ ...lintText(SOUND), findings });
});

test("the worst five thousand are told, more are refused", () => {
  const one = lintText("DEBUG = True").findings[0] as Finding;
  const findings = Array.from({ length: 6000 }, (_, line): Finding => ({ ...one, line }));
  expectValid({ ...lintText(SOUND), findings });
});

test("a finding keeps its fingerprint when lines move, and two of a kind have two", () => {
  const settings = "MEDIA_URL = '/m'\nX_SECRET = 'q8w7e6r5t4y3u2i1'\nADMINS = []";
  const prints = (text: string) => sarif(text).results.map((r) => r.partialFingerprints?.["djdeploy/v1"]);
  const before = prints(settings);
  expect(prints(`# a comment\n\n${settings}`)).toEqual(before);
  expect(new Set(before).size).toBe(before.length);
});

test("what is suppressed is no result, and is listed with its reason", () => {
  const { results, properties } = sarif(`${SOUND}\nSECURE_HSTS_SECONDS = 0`, {
    ignore: { "security.W004": "nginx" },
  });
  expect(results.map((r) => r.ruleId)).not.toContain("security.W004");
  expect(properties?.suppressed).toEqual([{ id: "security.W004", reason: "nginx", by: "djdeploy.yml" }]);
});

test("only what is certain has its level; each result names its rule", () => {
  const { results, rules } = sarif("import os\nDEBUG = os.environ.get('D')\nALLOWED_HOSTS = []");
  const levelOf = (id: string) => results.find((r) => r.ruleId === id)?.level;
  expect([levelOf("security.W018"), levelOf("security.W020")]).toEqual(["note", "error"]);
  for (const r of results) expect(rules[r.ruleIndex as number]?.id).toBe(r.ruleId);
});
