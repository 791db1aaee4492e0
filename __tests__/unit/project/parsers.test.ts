import { describe, expect, it } from "vitest";
import { lfsObject, normaliseScript } from "../../../src/project/content.ts";
import { applicationName } from "../../../src/project/detect/application.ts";
import { settingsNames } from "../../../src/project/detect/python-text.ts";
import { asSpecifier } from "../../../src/project/detect/python-version.ts";
import { excludeMatcher } from "../../../src/project/exclude.ts";
import { forbidden } from "../../../src/project/paths.ts";
import { normaliseAddress } from "../../../src/project/revision.ts";
import { satisfies } from "../../../src/project/specifier.ts";
import { readOutcome } from "../../../src/project/testing/outcome.ts";

describe("the repository's address", () => {
  it.each([
    "git@github.com:Org/Repo.git",
    "ssh://git@github.com/org/repo",
    "ssh://git@github.com:22/org/repo.git",
    "https://github.com/Org/Repo",
    "https://github.com/org/repo.git/",
    "https://x-access-token:ghs_Sec_ret@github.com/org/repo",
    "https://user@example.com:tok@en@github.com/org/repo",
    "github.com:org/repo",
  ])("%s", (url) => {
    expect(normaliseAddress(url)).toBe("github.com/org/repo");
  });

  it("keeps groups, and folders as they are", () => {
    expect(normaliseAddress("git@gitlab.example.com:a/b/c.git")).toBe("gitlab.example.com/a/b/c");
    expect(normaliseAddress("file:///srv/Git/x.git")).toBe("/srv/Git/x");
    expect(normaliseAddress("/srv/git/x/.git")).toBe("/srv/git/x");
  });
});

describe("a version of Python", () => {
  it.each([
    ["3.12.3", ">=3.10", true],
    ["3.9.2", ">=3.10", false],
    ["3.12.3", ">=3.10,<3.12", false],
    ["3.12.3", "==3.12.*", true],
    ["3.1.3", "==3.12.*", false],
    ["3.12.3", "~=3.11", true],
    ["4.0.0", "~=3.11", false],
    ["3.14.2", "~=3.14.0", true],
    ["3.15.0", "~=3.14.0", false],
    ["3.12.0", "==3.12", true],
    ["3.12.1", "==3.12", false],
    ["3.12.1", "!=3.12.1, >3.11", false],
    ["3.12.1", "", true],
  ])("%s and %s: %s", (version, specifier, expected) => {
    expect(satisfies(version, specifier)).toBe(expected);
  });

  it.each([
    ["3.12", "==3.12.*"],
    ["3.12.4", "==3.12.*"],
    ["^3.11", ">=3.11,<4"],
    ["~3.11", "==3.11.*"],
    [">=3.10,<4.0", ">=3.10,<4.0"],
  ])("%s is written %s", (text, expected) => {
    expect(asSpecifier(text)).toBe(expected);
  });
});

describe("what Python files say", () => {
  it("names the settings module in each usual form", () => {
    const text = `# os.environ.setdefault("DJANGO_SETTINGS_MODULE", "old.settings")
os.environ.setdefault(
    "DJANGO_SETTINGS_MODULE",
    "a.settings",
)
os.environ['DJANGO_SETTINGS_MODULE'] = 'b.settings'
`;
    expect(settingsNames(text)).toEqual([
      { value: "a.settings", line: 3, prefix: false },
      { value: "b.settings", line: 6, prefix: false },
    ]);
  });

  it.each([
    '"a.settings." + env',
    "'a.settings.%s' % env",
    'f"a.settings.{env}"',
    '"a.settings" + suffix',
    '"a.settings.{}".format(env)',
  ])("%s is how a name begins", (expression) => {
    const text = `os.environ.setdefault("DJANGO_SETTINGS_MODULE", ${expression})`;
    expect(settingsNames(text)).toEqual([{ value: "a.settings", line: 1, prefix: true }]);
  });

  it.each([
    ["tute.wsgi.application", "tute.wsgi:application"],
    ["tute.wsgi:app", "tute.wsgi:app"],
    ["tute.asgi.app", "tute.asgi:app"],
    ["tute.wsgi", "tute.wsgi:application"],
  ])("%s is the application %s", (text, expected) => {
    expect(applicationName(text)).toBe(expected);
  });
});

describe("what is shipped", () => {
  it("leaves out what matches, from the folder of djdeploy.yml on", () => {
    const matches = (patterns: string[], prefix: string, path: string) =>
      excludeMatcher(patterns, prefix).ignores(path);
    expect(matches(["docs/"], "", "docs/a/b")).toBe(true);
    expect(matches(["*.md", "!README.md"], "", "README.md")).toBe(false);
    expect(matches(["*.md"], "back", "back/a/b.md")).toBe(true);
    expect(matches(["*.md"], "back", "front/b.md")).toBe(false);
    expect(matches(["/docs"], "back", "back/docs/x")).toBe(true);
    expect(matches(["/docs"], "back", "back/a/docs/x")).toBe(false);
    expect(matches(["../front"], "back", "front/x.js")).toBe(true);
    expect(matches(["../**/*.map"], "back", "front/a/x.map")).toBe(true);
    expect(matches(["*.CSV"], "", "a.csv")).toBe(false);
  });

  it("is never git's own or byte code", () => {
    expect(["a/.git/config", ".git", "x/__pycache__/y.txt", "m.pyc"].filter(forbidden)).toHaveLength(4);
    expect([".gitignore", ".github/x", "pyc.py"].filter(forbidden)).toEqual([]);
  });

  it("has scripts with line endings that Linux can start", () => {
    const normalised = (text: string) => {
      const { bytes, normalised } = normaliseScript(Buffer.from(text, "latin1"));
      return [bytes.toString("latin1"), normalised];
    };
    expect(normalised("#!/bin/sh\r\na\r\n")).toEqual(["#!/bin/sh\na\n", true]);
    expect(normalised("#!/bin/sh\na\r\n")).toEqual(["#!/bin/sh\na\r\n", false]);
    expect(normalised("#!/bin/sh\r\n\0\r\n")).toEqual(["#!/bin/sh\r\n\0\r\n", false]);
    expect(normalised("a\r\n")).toEqual(["a\r\n", false]);
    expect(normalised("#!/bin/sh")).toEqual(["#!/bin/sh", false]);
  });

  it("knows an LFS pointer from a text about one", () => {
    const oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 12345\n`;
    expect(lfsObject(Buffer.from(pointer))).toEqual({ oid, size: 12345 });
    expect(lfsObject(Buffer.from(`See:\n${pointer}`))).toBeNull();
    expect(lfsObject(Buffer.from(pointer.replace("12345", "many")))).toBeNull();
  });
});

describe("what tests say", () => {
  it("in unittest's words, old and new", () => {
    const lines = [
      "FAIL: test_y (app.tests.X.test_y)",
      "ERROR: test_z (app.tests.X)",
      "FAIL: test_s (app.tests.X.test_s) (i=1)",
      "FAIL: test_s (app.tests.X.test_s) [two] (i=2)",
      "ERROR: app.broken (unittest.loader._FailedTest.app.broken)",
      "ERROR: setUpClass (app.tests.Y)",
      "Ran 41 tests in 0.512s",
      "FAILED (failures=3, errors=3)",
    ];
    expect(readOutcome(lines)).toEqual({
      ran: 41,
      failed: [
        "app.tests.X.test_y",
        "app.tests.X.test_z",
        "app.tests.X.test_s",
        "app.broken",
        "app.tests.Y.setUpClass",
      ],
    });
  });

  it("in pytest's words", () => {
    const lines = [
      "FAILED app/test_x.py::test_b - AssertionError: why",
      "FAILED app/test_x.py::TestC::test_d[a - b]",
      "ERROR app/test_y.py - ImportError: no",
      "ERROR    root:x.py:3 a log line",
      "=========== 2 failed, 38 passed, 1 skipped, 1 error in 1.23s ===========",
    ];
    expect(readOutcome(lines)).toEqual({
      ran: 41,
      failed: ["app/test_x.py::test_b", "app/test_x.py::TestC::test_d[a - b]", "app/test_y.py"],
    });
    expect(readOutcome(["======= no tests ran in 0.01s ======="])).toEqual({ ran: 0, failed: [] });
    expect(readOutcome(["3 passed in 0.12s"]).ran).toBe(3);
    expect(readOutcome(["hello"])).toEqual({ ran: null, failed: [] });
  });
});
