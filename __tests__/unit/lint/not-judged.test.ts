import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import { renderLint } from "../../../src/lint/index.ts";
import { verdictError } from "../../../src/release/lint.ts";
import { lintText, SOUND } from "./judge-of.ts";

const shown = (text: string): string =>
  renderLint(lintText(text), { color: false, all: false, failLevel: "error" });

describe("settings of which nothing could be judged", () => {
  test.each([
    [
      "do not load, as far as can be seen",
      "import json\nX = json.loads('nothing')\n",
      /do not load: \w+ at mysite\/settings\.py:2/,
    ],
    [
      "come from elsewhere as a whole",
      "from package.settings import *\n",
      /package\.settings is outside the project/,
    ],
  ])("they %s", (_, text, reason) => {
    const result = lintText(text);
    expect(result.notJudged).toMatch(reason);
    const said = shown(text);
    expect(said).not.toContain("stops a release");
    expect(said).toMatch(/^mysite\.settings: not judged: .*\nnext: .*--settings.*\n$/m);
  });

  test("they end a lint, unless nothing shall", () => {
    const result = lintText("from package.settings import *\n");
    const ended = (failLevel: "error" | "never") => verdictError({ lint: { failLevel } } as Config, result);
    expect(ended("error")).toMatchObject({ code: "lint.not-judged", exitCode: 3 });
    expect(ended("never")).toBeNull();
  });

  test("settings in order are judged", () => {
    expect(lintText(SOUND).notJudged).toBeUndefined();
    expect(shown(`${SOUND}\nDEBUG = True`)).not.toContain("not judged");
  });
});

test("a fix names no line behind the end of its file", () => {
  for (const end of ["", "\n"]) {
    const text = `${SOUND}\nSECURE_HSTS_SECONDS = 0\nfrom .local import *${end}`;
    const lines = text.trimEnd().split("\n").length;
    const { findings } = lintText(text, { tree: { "mysite/local.py": "SESSION_COOKIE_SECURE = False\n" } });
    for (const { fix, file, line } of findings) {
      if (file === "mysite/settings.py") expect(line).toBeLessThanOrEqual(lines);
      if (fix?.file === "mysite/settings.py") expect(fix.line).toBeLessThanOrEqual(lines);
    }
  }
  const bare = lintText("DEBUG = False").findings.find(({ id }) => id === "security.W020");
  expect(bare?.line).toBe(1);
});

test.each([
  ["SECRET_KEY = os.environ.get('KEY', '')", "when KEY is empty or shorter than 50 characters, or not set"],
  ["SECRET_KEY = os.environ['KEY']", "when KEY is empty or shorter than 50 characters"],
  [
    "DEBUG = os.environ.get('KEY') not in ('live', 'prod')",
    "when KEY is anything but 'live', 'prod', or not set",
  ],
  ["N = int(os.environ.get('KEY', '1'))\nDEBUG = N == 0", "when KEY is '0'"],
])("%s: %s", (line, words) => {
  const said = lintText(`${SOUND}\nimport os\n${line}`).findings.map((f) => f.message);
  expect(said.filter((one) => /SECRET_KEY is|DEBUG is/.test(one) && one.endsWith(words))).toHaveLength(1);
});
