import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatEnvFile, parseEnvFile } from "../../../src/config/env-file.ts";

const parse = (text: string) => parseEnvFile(text, "prod.env");

describe("values", () => {
  it.each([
    ["A=1", { A: "1" }],
    ["export A=1\n# comment\n\n  B = 2".replace(" = ", "="), { A: "1", B: "2" }],
    ["A=", { A: "" }],
    ["A=a=b#c$d\\n&'x'", { A: "a=b#c$d\\n&'x'" }],
    ["A=  two words \t", { A: "two words" }],
    ["A='  kept $x \\n '  # comment", { A: "  kept $x \\n " }],
    ["A='line 1\nline 2'\nB=2", { A: "line 1\nline 2", B: "2" }],
    ['A="line 1\\nline\\t2 \\"q\\" \\\\ \\$x $y \\`"', { A: 'line 1\nline\t2 "q" \\ $x $y `' }],
    ['A="line 1\nline 2"\r\nB=2\r\n', { A: "line 1\nline 2", B: "2" }],
    ["\uFEFFA=1", { A: "1" }],
    ["A=''", { A: "" }],
    ["", {}],
  ])("%j", (text, values) => {
    expect(parse(text)).toEqual(values);
  });

  it("come back as they were written", () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("'", '"', "\\", "\n", "\r", "$", "`", "#", " ", "=", "n", "\t") }),
    );
    const values = fc.dictionary(
      name,
      value.filter((text) => !text.includes("\0")),
    );
    fc.assert(
      fc.property(values, (given) => {
        expect(parse(formatEnvFile(given))).toEqual({ ...given });
      }),
    );
  });
});

describe("mistakes name the line and never the value", () => {
  it.each([
    ["A=1\nnot a pair", "prod.env:2: this is not NAME=VALUE"],
    ["2A=secret", "prod.env:1: this is not NAME=VALUE"],
    ["A =secret", "prod.env:1: this is not NAME=VALUE"],
    ["A=1\n\nA=secret", "prod.env:3: A is given twice"],
    ["A=1 # secret", "prod.env:1: the value of A holds a # after a blank"],
    ["A='secret", "prod.env:1: the value of A has no closing '"],
    ['B="1\n2"\nA="secret', 'prod.env:3: the value of A has no closing "'],
    ["A='a' secret", "prod.env:1: something follows the closing quote of A"],
    ['A="secret\\q"', "prod.env:1: the value of A has a \\ that begins no escape"],
    ["A=secret\0", "prod.env:1: the value of A holds a NUL"],
    ["KEY=-----BEGIN-----\nsecretsecretsecret\n-----END-----", "prod.env:2: this is not NAME=VALUE"],
  ])("%j", (text, message) => {
    let thrown: Error | null = null;
    try {
      parse(text);
    } catch (error) {
      thrown = error as Error;
    }
    expect(thrown?.message).toContain(message);
    expect(JSON.stringify(thrown)).not.toContain("secret");
    expect(thrown).toMatchObject({ exitCode: 2 });
  });
});
