import { describe, expect, test } from "vitest";
import { renderLint } from "../../../src/lint/index.ts";
import { explainValue } from "../../../src/lint/value/explain.ts";
import { renderValue } from "../../../src/lint/value/render.ts";
import { recordTree } from "../../../src/python/source/tree.ts";
import { finding, lintText, SOUND, verdict } from "./judge-of.ts";

const WRAPPED = `${SOUND}\nimport pack\nMIDDLEWARE = pack.add(MIDDLEWARE)`;
const SECURITY = "django.middleware.security.SecurityMiddleware";
const shown = { color: false, all: false, failLevel: "error" } as const;

describe("a stated fact", () => {
  test("answers what could not be judged, and what rests on it is shown", () => {
    const result = lintText(WRAPPED, { assume: { MIDDLEWARE: `keeps ${SECURITY}` } });
    expect(verdict(result, "security.W001")).toBe("pass");
    expect(verdict(result, "security.W002")).toBe("unknown");
    expect(result.assumed).toEqual([
      { setting: "MIDDLEWARE", value: `keeps ${SECURITY}`, restsOn: ["security.W001"] },
    ]);
    const text = renderLint(result, shown);
    expect(text).toContain("Assumed, because lint.assume in djdeploy.yml says so:");
    expect(text).toContain(`MIDDLEWARE keeps ${SECURITY}: security.W001 rest on it`);
    expect(result).toMatchObject({ assumed: [{ setting: "MIDDLEWARE" }] });
  });

  test("as a whole value answers everything about it", () => {
    const result = lintText(WRAPPED, { assume: { MIDDLEWARE: [SECURITY] } });
    expect(result.findings.filter((f) => f.certainty === "unknown")).toEqual([]);
    expect(verdict(result, "security.W001")).toBe("pass");
    // Somebody's word makes nothing certain.
    expect(verdict(result, "security.W003")).toBe("depends");
    expect(finding(result, "security.W003")?.message).toContain(
      "as far as lint.assume is right about MIDDLEWARE",
    );
  });

  test("makes nothing certain, whatever it says", () => {
    const result = lintText(`${SOUND}\nfrom pack import DEBUG`, { assume: { DEBUG: true } });
    expect(verdict(result, "security.W018")).toBe("depends");
    expect(result.settings.DEBUG).toMatchObject({ value: true, certainty: "depends", assumed: true });
  });

  test("fills what is not known of a list, and leaves the rest", () => {
    const text = `${SOUND}\nimport pack\nALLOWED_HOSTS = ["*", *pack.hosts]`;
    const result = lintText(text, { assume: { ALLOWED_HOSTS: "keeps www.example.com" } });
    expect(result.findings.find((f) => f.id === "djdeploy.allowed-hosts-any")?.certainty).toBe(
      lintText(text).findings.find((f) => f.id === "djdeploy.allowed-hosts-any")?.certainty,
    );
    expect(result.assumed).toMatchObject([{ setting: "ALLOWED_HOSTS" }]);
  });

  test("is used in those worlds only in which nothing is known", () => {
    const text = `${SOUND}\nimport os, pack\nDEBUG = pack.debug if os.environ.get("A") else True`;
    const result = lintText(text, { assume: { DEBUG: false } });
    expect(verdict(result, "security.W018")).toBe("depends, fails unset");
  });

  test("is no secret's way into the output", () => {
    const text = `${SOUND}\nimport pack\nDATABASES = pack.databases\nSECRET_KEY = pack.key`;
    const assume = { DATABASES: { default: { PASSWORD: "hunter2hunter2" } }, SECRET_KEY: "abcdefgh12345678" };
    const result = lintText(text, { assume });
    expect(`${JSON.stringify(result)}${renderLint(result, shown)}`).not.toMatch(/hunter2|abcdefgh1234/);
  });
});

describe("a statement about what is known", () => {
  test.each([
    ["DEBUG = True", { DEBUG: false }, "mysite/settings.py:22"],
    ["MIDDLEWARE = []", { MIDDLEWARE: `keeps ${SECURITY}` }, "mysite/settings.py:22"],
    ['ALLOWED_HOSTS = ["a.example.com"]', { ALLOWED_HOSTS: ["b.example.com"] }, "mysite/settings.py:22"],
    [
      "import pack\nALLOWED_HOSTS = ['*', *pack.x]",
      { ALLOWED_HOSTS: ["b.example.com"] },
      "mysite/settings.py:23",
    ],
    ["CSRF_COOKIE_AGE = 5", { CSRF_COOKIE_AGE: "5" }, "mysite/settings.py:22"],
    [
      'DATABASES = {"default": {"ENGINE": "a"}}',
      { DATABASES: { default: { ENGINE: "b" } } },
      "mysite/settings.py:22",
    ],
    ["", { USE_TZ: false }, "Django's default"],
    ["", { NOBODY_SETS_IT: 1 }, "nothing sets it"],
  ])("is an error where it contradicts, with both places: %s", (text, assume, place) => {
    const tree = { "djdeploy.yml": `app: x\nlint:\n  assume:\n    ${Object.keys(assume)[0]}: x\n` };
    const result = lintText(`${SOUND}\n${text}`, { assume, tree });
    const found = finding(result, "djdeploy.assume-wrong");
    expect(found).toMatchObject({ level: "error", certainty: "certain" });
    expect(found?.message).toContain(place);
    expect(found?.message).toContain("djdeploy.yml:4");
    expect(result.assumed).toBeUndefined();
  });

  test.each([
    ["DEBUG = False", { DEBUG: false }],
    ["", { MIDDLEWARE: `keeps ${SECURITY}` }],
    ['import os\nDEBUG = os.environ.get("A") == "1"', { DEBUG: false }],
  ])("is a warning where it is not needed: %s", (text, assume) => {
    const result = lintText(`${SOUND}\n${text}`, { assume });
    expect(finding(result, "djdeploy.assume-unused")).toMatchObject({
      level: "warning",
      file: "djdeploy.yml",
    });
    expect(finding(result, "djdeploy.assume-wrong")).toBeUndefined();
  });
});

test("the explanation of a value says that it is assumed", () => {
  const input = {
    files: recordTree({ "mysite/__init__.py": "", "mysite/settings.py": WRAPPED }),
    settingsModule: "mysite.settings",
    djangoVersion: "5.2",
    ignore: {},
    assume: { MIDDLEWARE: [SECURITY] },
  };
  const explained = explainValue(input, "MIDDLEWARE");
  expect(explained).toMatchObject({ value: [SECURITY], assumed: true });
  expect(renderValue(explained)).toContain("because lint.assume in djdeploy.yml says so");
});
