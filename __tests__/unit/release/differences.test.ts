import { describe, expect, test } from "vitest";
import { lint } from "../../../src/lint/index.ts";
import { recordTree } from "../../../src/python/source/tree.ts";
import { differences } from "../../../src/release/differences.ts";

const judged = (settings: string, ignore: Record<string, string> = {}) =>
  lint({
    files: recordTree({ "shop/settings.py": `SECRET_KEY = "${"ab1-".repeat(20)}"\n${settings}` }),
    settingsModule: "shop.settings",
    djangoVersion: "5.2",
    ignore,
  });
const found = (settings: string, live: string[], ignore?: Record<string, string>) =>
  differences(judged(settings, ignore), live)
    .filter(({ id }) => ["security.W018", "security.W020", "models.E300"].includes(id))
    .map(({ id, lint, live }) => `${id} ${lint}, ${live}`);

describe("where the lint and the release's own Django differ", () => {
  test("what only Django raises, and the lint had passed", () => {
    expect(found("DEBUG = False\nALLOWED_HOSTS = ['a']", ["security.W018"])).toEqual([
      "security.W018 passed, raised",
    ]);
  });

  test("what only the lint raised for certain", () => {
    expect(found("DEBUG = True\nALLOWED_HOSTS = ['a']", [])).toEqual(["security.W018 raised, passed"]);
  });

  test.each([
    ["both say the same", "DEBUG = True\nALLOWED_HOSTS = []", ["security.W018", "security.W020"]],
    [
      "a variable decides",
      "import os\nDEBUG = os.environ.get('D')\nALLOWED_HOSTS = ['a']",
      ["security.W018"],
    ],
    ["nobody knows before", "import x\nDEBUG = x.debug\nALLOWED_HOSTS = ['a']", []],
    ["the lint does not ask", "DEBUG = False\nALLOWED_HOSTS = ['a']", ["models.E300"]],
  ])("nothing where %s", (_, settings, live) => {
    expect(found(settings, live)).toEqual([]);
  });

  test("nothing of what is ignored", () => {
    expect(found("DEBUG = True\nALLOWED_HOSTS = ['a']", [], { "security.W018": "a demonstration" })).toEqual(
      [],
    );
  });

  test("the message names both answers", () => {
    const [first] = differences(judged("DEBUG = True\nALLOWED_HOSTS = ['a']"), []).filter(
      (d) => d.id === "security.W018",
    );
    expect(first?.message).toMatch(
      /^security\.W018: the lint raised it, and the release's own Django does not;/,
    );
  });
});
