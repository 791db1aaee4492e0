import { describe, expect, it } from "vitest";
import { parseRequirements } from "../../../src/project/detect/requirement-lines.ts";

const one = (text: string) => parseRequirements(text)[0];

describe("a line of requirements.txt", () => {
  it.each([
    ["Django==5.2.8", "django", "5.2.8"],
    ["Django == 5.2.8  # the LTS", "django", "5.2.8"],
    ["psycopg[binary,pool]==3.2.1; python_version >= '3.9'", "psycopg", "3.2.1"],
    ["zope.interface===6.0", "zope-interface", "6.0"],
    ["Typing_Extensions>=4", "typing-extensions", null],
    ["django>=5,<6", "django", null],
    ["django==5.2.*,!=5.2.3", "django", null],
    ["requests", "requests", null],
    ["pip @ https://example.com/pip-1.0.whl", "pip", null],
    ["git+https://github.com/o/r.git@abc#egg=my_pkg", "my-pkg", null],
    ["uvicorn (==0.30.1)", "uvicorn", "0.30.1"],
  ])("%s", (text, name, version) => {
    expect(one(text)).toMatchObject({ kind: "requirement", name, version, hashed: false });
  });

  it("carries hashes over continued lines", () => {
    const text = "# pinned\nDjango==5.2.8 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nx==1\n";
    expect(parseRequirements(text)).toMatchObject([
      { line: 2, name: "django", version: "5.2.8", hashed: true },
      { line: 5, name: "x", hashed: false },
    ]);
  });

  it.each([
    ["-r base.txt", "include", "base.txt"],
    ["-rbase.txt", "include", "base.txt"],
    ["--requirement=base.txt", "include", "base.txt"],
    ["--requirement base.txt # all", "include", "base.txt"],
    // What pip's own parser (shlex, optparse) makes of them: see pip._internal.req.req_file.
    ['-r "with space.txt"', "include", "with space.txt"],
    ["-r with\\ space.txt", "include", "with space.txt"],
    ["-r 'a b'/\"c d\".txt", "include", "a b/c d.txt"],
    ["-r base.txt -r other.txt", "include", "base.txt"],
    ["-c ../constraints.txt", "constraint", "../constraints.txt"],
    ["--constraint=c.txt", "constraint", "c.txt"],
    ["-e .", "editable", "."],
    ["--editable=./lib", "editable", "./lib"],
    ["-e git+https://github.com/o/r#egg=x", "editable", "git+https://github.com/o/r#egg=x"],
    [".", "local", "."],
    [".[dev]", "local", ".[dev]"],
    ["./vendor/x", "local", "./vendor/x"],
    ["wheels/x-1-py3-none-any.whl", "local", "wheels/x-1-py3-none-any.whl"],
    ["x-1.tar.gz", "local", "x-1.tar.gz"],
    ["file:///srv/x", "local", "file:///srv/x"],
    ["x @ file:///srv/x", "local", "x @ file:///srv/x"],
    ["--index-url https://example.com/simple", "option", "--index-url https://example.com/simple"],
    ["--no-binary=:all:", "option", "--no-binary=:all:"],
  ])("%s is %s", (text, kind, value) => {
    expect(one(text)).toMatchObject({ kind, text: value });
  });

  it("may end with Windows line endings, and be nothing", () => {
    expect(parseRequirements("a==1\r\n\r\n  # b\r\nc\r\n").map(({ name, line }) => [name, line])).toEqual([
      ["a", 1],
      ["c", 4],
    ]);
  });
});
