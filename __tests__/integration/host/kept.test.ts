import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askPython } from "../../support/host-python.ts";

let site: string;
beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), "djd-kept-"));
});
afterEach(() => rmSync(site, { recursive: true, force: true }));

/** Writes files below the site; `-> x` makes a link. */
function lay(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    if (text.startsWith("-> ")) symlinkSync(text.slice(3), join(site, path));
    else writeFileSync(join(site, path), text);
  }
}
const read = (path: string) => readFileSync(join(site, path), "utf8");
const keep = (path: string, directory = true) =>
  askPython<string | null>(
    `
import json
from djd_links import keep
site, path, directory = sys.argv[1:]
print(json.dumps(keep(site, site + "/releases/R", path, directory=directory == "true")))
`,
    site,
    path,
    String(directory),
  );

describe("what a release ships where a link to shared/ goes", () => {
  test("fills what is missing, and never goes over what is there", () => {
    lay({
      "releases/R/media/logo.txt": "shipped",
      "releases/R/media/deep/er/new.txt": "shipped",
      "shared/media/logo.txt": "a visitor's",
      "shared/media/own.txt": "a visitor's",
    });
    expect(keep("media")).toBe(
      `media is in the repository: 1 of its files were added to ${site}/shared/media; 1 differ from what is there, which stays: media/logo.txt`,
    );
    expect(
      ["logo.txt", "own.txt", "deep/er/new.txt"].map((path) => read(`releases/R/media/${path}`)),
    ).toEqual(["a visitor's", "a visitor's", "shipped"]);
    expect(read("releases/R/.djdeploy/shipped/media/logo.txt")).toBe("shipped");
    expect(keep("media")).toBeNull();
  });

  test("is not worth a word where nothing differs", () => {
    lay({ "releases/R/media/a.txt": "same", "shared/media/a.txt": "same" });
    expect(keep("media")).toBeNull();
  });

  test("leaves a file alone that stands where a folder would go, and never follows a link out", () => {
    const outside = mkdtempSync(join(tmpdir(), "djd-outside-"));
    lay({
      "releases/R/media/a/x.txt": "shipped",
      "releases/R/media/b/x.txt": "shipped",
      "shared/media/a": "a file",
      "shared/media/b": `-> ${outside}`,
    });
    expect(keep("media")).toContain("2 differ from what is there, which stays");
    expect(read("shared/media/a")).toBe("a file");
    expect(() => readFileSync(join(outside, "x.txt"))).toThrow("ENOENT");
    rmSync(outside, { recursive: true });
  });

  test("as one file, and as a link", () => {
    lay({ "releases/R/db.sqlite3": "shipped", "releases/R/logs": "-> /var/log" });
    expect(keep("db.sqlite3", false)).toContain("it was copied to");
    expect(read("shared/db.sqlite3")).toBe("shipped");
    keep("logs");
    lay({ "shared/logs/now.txt": "written" });
    expect(read("releases/R/logs/now.txt")).toBe("written");
  });
});
