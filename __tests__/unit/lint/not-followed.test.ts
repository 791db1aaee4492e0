import { expect, test } from "vitest";
import { finding, lintText, SOUND, verdict } from "./judge-of.ts";

const ID = "djdeploy.not-followed";
const GATED = ["security.W001", "security.W002", "security.W003"];
const wrapped = (name: string): string => `${SOUND}\nimport package\n${name} = package.add(${name})`;

test("what a call hides is said once, with the checks that cannot be made", () => {
  const result = lintText(wrapped("MIDDLEWARE"));
  const unknown = result.findings.filter((f) => f.certainty === "unknown");
  expect(unknown.map((f) => f.id)).toEqual([ID]);
  expect(finding(result, ID)).toMatchObject({ setting: "MIDDLEWARE", file: "mysite/settings.py", line: 23 });
  expect(finding(result, ID)?.message).toMatch(
    /^\d+ checks depend on what package\.add does \(MIDDLEWARE\)$/,
  );
  for (const id of GATED) expect(verdict(result, id)).toBe("unknown");
});

test("the package of the requirements is named", () => {
  const tree = { "requirements.txt": "Django==5.2\ndjango-environ==0.12\npackage==1.0\n" };
  expect(finding(lintText(wrapped("MIDDLEWARE"), { tree }), ID)?.message).toContain(
    "what package.add does, of the package package in the requirements",
  );
});

test("and so for the apps, and for what a package brings as it is", () => {
  const apps = lintText(wrapped("INSTALLED_APPS"));
  expect(apps.findings.filter((f) => f.certainty === "unknown")).toHaveLength(1);
  const brought = lintText(`${SOUND}\nfrom package import MIDDLEWARE`);
  expect(finding(brought, ID)?.message).toContain("depend on what package.MIDDLEWARE holds");
});

test("two calls are two findings", () => {
  const result = lintText(`${wrapped("MIDDLEWARE")}\nINSTALLED_APPS = package.apps(INSTALLED_APPS)`);
  const ids = result.findings.filter((f) => f.certainty === "unknown").map((f) => f.id);
  expect(ids.filter((id) => id === ID)).toHaveLength(2);
});

test.each([
  ["for key, value in os.environ.items():\n    globals()[key] = value"],
  ["for key in os.environ:\n    if key.startswith('SITE_'):\n        globals()[key[5:]] = os.environ[key]"],
  [
    "def override(into):\n    for key, value in os.environ.items():\n        into[key.lower().upper()] = value\noverride(globals())",
  ],
  ["globals().update({key: value for key, value in os.environ.items()})"],
])("settings that any variable may override are said to be so, once: %s", (text) => {
  const result = lintText(`${SOUND}\nimport os\n${text}`);
  expect(result.findings.filter((f) => f.certainty !== "depends").map((f) => f.id)).toEqual([ID]);
  expect(finding(result, ID)?.message).toContain("any setting may be overridden");
  expect(finding(result, ID)?.also.length).toBeGreaterThan(50);
});

test("an ignored check is none of those that it counts, and it can be ignored as a whole", () => {
  const some = lintText(wrapped("MIDDLEWARE"), { ignore: { "security.W002": "nginx sets it" } });
  expect(finding(some, ID)?.also).not.toContain("security.W002");
  const none = lintText(wrapped("MIDDLEWARE"), { ignore: { [ID]: "package adds one at the end" } });
  expect(none.findings.filter((f) => f.certainty === "unknown")).toEqual([]);
  expect(none.suppressed.map((s) => s.id)).toEqual([ID]);
});

test("what is certain stays a finding of its own", () => {
  const result = lintText(`${wrapped("MIDDLEWARE")}\nDEBUG = True`);
  expect(verdict(result, "security.W018")).toBe("certain");
});
