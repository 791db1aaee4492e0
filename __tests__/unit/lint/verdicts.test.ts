import { describe, expect, test } from "vitest";
import { blocking } from "../../../src/lint/blocking.ts";
import { renderLint } from "../../../src/lint/index.ts";
import { finding, lintText, SOUND, verdict } from "./judge-of.ts";

describe("the verdict on DEBUG", () => {
  const cases: [string, string][] = [
    ["DEBUG = False", "pass"],
    ["DEBUG = True", "certain"],
    ["import os\nDEBUG = os.environ.get('DEBUG', False)", "depends"],
    ["import os\nDEBUG = bool(os.environ.get('DEBUG', True))", "depends, fails unset"],
    ["import os\nDEBUG = os.environ.get('DEBUG') != 'false'", "depends, fails unset"],
    ["import os\nDEBUG = 'RENDER' not in os.environ", "depends, fails unset"],
    ["import os\nENV = os.environ.get('ENV', 'prd')\nDEBUG = ENV != 'prd'", "depends"],
    ["import os\nDEBUG = os.environ.get('A') == '1' and False", "pass"],
    ["DEBUG = 'False'", "certain"],
    ["import unknown_package\nDEBUG = unknown_package.debug()", "unknown"],
    ["import unknown_package\nDEBUG = unknown_package.debug() and False", "pass"],
    ["Debug = True", "pass"],
  ];
  test.each(cases)("%s → %s", (text, expected) => {
    expect(verdict(lintText(`${SOUND}\n${text}`), "security.W018")).toBe(expected);
  });

  test("names the variable, its default and its cast", () => {
    const result = lintText(`${SOUND}\nimport os\nDEBUG = bool(os.environ.get("DEBUG", ""))`);
    expect(finding(result, "security.W018")?.dependsOn).toEqual([
      { name: "DEBUG", default: "''", cast: "bool" },
    ]);
  });

  test("says which values make it fail", () => {
    const result = lintText(`${SOUND}\nimport os\nDEBUG = os.environ.get("DEBUG", False)`);
    expect(finding(result, "security.W018")?.message).toBe(
      "DEBUG is on: it is a text, and nobody turns that into a flag, when DEBUG has any non-empty value, 'False' included",
    );
  });

  test("points at the statement that decided it, in the module it stands in", () => {
    const result = lintText("from .base import *\n", {
      tree: { "mysite/base.py": `${SOUND}\nDEBUG = True\n` },
    });
    expect(finding(result, "security.W018")).toMatchObject({ file: "mysite/base.py", line: 22, column: 1 });
  });

  test("is settled by what the environment is known to hold", () => {
    const text = `${SOUND}\nimport os\nDEBUG = os.environ.get("DEBUG", "1") == "1"`;
    expect(verdict(lintText(text, { environment: { DEBUG: "0" } }), "security.W018")).toBe("pass");
    expect(verdict(lintText(text, { environment: { DEBUG: "1" } }), "security.W018")).toBe("certain");
  });
});

test("settings in order have no certain finding, and block nothing", () => {
  const result = lintText(SOUND, { provided: ["SECRET_KEY"] });
  expect(result.findings.filter((f) => f.certainty === "certain")).toEqual([]);
  expect(blocking(result, "info")).toEqual([]);
});

test("only certain findings at or above the level block", () => {
  const result = lintText(`${SOUND}\nDEBUG = True\nSECURE_SSL_REDIRECT = False`);
  expect(blocking(result, "error").map((f) => f.id)).toEqual(["security.W018"]);
  expect(blocking(result, "warning").map((f) => f.id)).toEqual(["security.W018", "security.W008"]);
  expect(blocking(result, "never")).toEqual([]);
});

test("a fresh project is told about its key once, with the other id beside it", () => {
  const result = lintText(`${SOUND}\nSECRET_KEY = "django-insecure-${"abcdefghij".repeat(6)}"`);
  expect(finding(result, "security.W009")).toMatchObject({
    certainty: "certain",
    also: ["djdeploy.secret-key-published"],
  });
});

test("the value of a secret is in no output", () => {
  const key = "very-secret-value-very-secret-value-very-secret-value-0123456789";
  const result = lintText(`${SOUND}\nSECRET_KEY = "${key}"`);
  const text = JSON.stringify(result) + renderLint(result, { color: false, all: true, failLevel: "info" });
  expect(text).not.toContain(key);
  expect(result.settings.SECRET_KEY).toMatchObject({ value: "literal", certainty: "certain" });
});

test("settings that raise in every world are one certain error at their line", () => {
  const result = lintText(`${SOUND}\nraise RuntimeError("no")`);
  expect(result.findings).toMatchObject([{ id: "djdeploy.settings-fail", certainty: "certain", line: 22 }]);
});

test("a required variable is named; once it is provided nobody asks", () => {
  expect(verdict(lintText(SOUND), "djdeploy.settings-need-variable")).toBe("depends, fails unset");
  expect(verdict(lintText(SOUND, { provided: ["SECRET_KEY"] }), "djdeploy.settings-need-variable")).toBe(
    "pass",
  );
});

test("ids are ignored with a reason, by configuration, by comment, and by Django's own setting", () => {
  const result = lintText(
    `${SOUND}\nSECURE_SSL_REDIRECT = False  # djdeploy: ignore security.W008 nginx redirects\nDEBUG = True\nSILENCED_SYSTEM_CHECKS = ["security.W004"]\nSECURE_HSTS_SECONDS = 0`,
    { ignore: { "security.W018": "a demo" } },
  );
  expect(result.suppressed).toEqual(
    expect.arrayContaining([
      { id: "security.W018", reason: "a demo", by: "djdeploy.yml" },
      { id: "security.W008", reason: "nginx redirects", by: "mysite/settings.py:22" },
      { id: "security.W004", reason: "named in SILENCED_SYSTEM_CHECKS", by: "SILENCED_SYSTEM_CHECKS" },
    ]),
  );
  expect(blocking(result, "warning")).toEqual([]);
});

test("HTTPS is advice while there is no TLS", () => {
  const result = lintText(`${SOUND}\nSECURE_SSL_REDIRECT = False`, {
    deployment: { domains: ["www.example.com"], tls: false },
  });
  expect(finding(result, "security.W008")?.level).toBe("info");
});
