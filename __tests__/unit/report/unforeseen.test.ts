import { describe, expect, it } from "vitest";
import { shown } from "../../../src/cli/failure.ts";
import { asDeployError, Told } from "../../../src/errors.ts";
import { createJsonReporter } from "../../../src/report/json.ts";
import { createRedactor, redactDeep } from "../../../src/report/redact.ts";
import { redacting } from "../../../src/report/reporter.ts";
import { unhiddenNote } from "../../../src/report/unhidden.ts";
import { unforeseen, unforeseenLine } from "../../../src/unforeseen.ts";

const secret = "hunter2-and-more";

describe("what nobody foresaw is told without its text", () => {
  const thrown = (() => {
    try {
      return new RegExp(`(${secret}`);
    } catch (error) {
      return error;
    }
  })();

  it.each([
    ["an error of the engine, whose text is the pattern", thrown],
    [
      "a message with lines like frames",
      new Error(`x\n    at ${secret} (/${secret}:1:2)\n    at /${secret}.ts:1:1`),
    ],
    ["a name", Object.assign(new Error("x"), { name: secret })],
    ["a code", Object.assign(new Error("x"), { code: secret })],
    ["a stack that is no text", Object.assign(new Error("x"), { stack: { toString: () => secret } })],
    [
      "a stack that throws",
      Object.defineProperty(new Error("x"), "stack", { get: () => expect.fail(secret) }),
    ],
    ["a class", new (class extends Error {})(secret)],
    ["a string", secret],
    ["an object", { toString: () => secret, message: secret }],
    ["nothing", undefined],
  ])("%s", (_what, error) => {
    const asked = [JSON.stringify(unforeseen(error)), unforeseenLine(error), asDeployError(error).message];
    for (const verbose of [false, true]) {
      const { code, message, details } = shown(error, verbose);
      expect(code).toBe("internal");
      asked.push(message, details.output ?? "", details.hint ?? "");
    }
    expect(asked.join("\n")).not.toContain("hunter2");
    expect(asDeployError(error).message).toMatch(/^unexpected: \w+/);
  });

  it("but with its kind and its place", () => {
    let error: unknown;
    try {
      // A frame of ours: redactDeep calls what it is given.
      redactDeep({ a: "x" }, () => (null as unknown as string).length as never);
    } catch (one) {
      error = one;
    }
    expect(unforeseenLine(error)).toMatch(/^TypeError at report\/redact\.ts:\d+:\d+$/);
    expect(unforeseenLine(Object.assign(new Error(secret), { code: "ENOSPC" }))).toMatch(/^Error ENOSPC/);
    expect(asDeployError(new Told("the connection was closed")).message).toBe("the connection was closed");
  });
});

describe("a reporter that fails", () => {
  it("stops nothing, and is told at the end", () => {
    const lines: string[] = [];
    const inner = createJsonReporter((text) => lines.push(text), { quiet: false });
    const reporter = redacting(inner, (text) => {
      if (text === "bad") throw new Error(secret);
      return text;
    });
    const event = { time: "t", code: "note", level: "info" as const, message: "bad" };
    reporter.event(event);
    reporter.event({ ...event, message: "good" });
    const ending = { line: { code: "result" }, text: () => "", error: null };
    expect(() => reporter.end(ending)).toThrow();
    expect(lines.map((line) => JSON.parse(line).code)).toEqual(["note", "result"]);
  });
});

describe("names", () => {
  it("as keys are redacted, those of our own fields are not", () => {
    const redact = createRedactor([secret, "message"]);
    expect(redactDeep({ message: { [`x ${secret}`]: 1, S3CRET_NAME: 2 } }, redact)).toEqual({
      message: { "x ***": 1, S3CRET_NAME: 2 },
    });
  });

  it("whose values can not be hidden are told, never the values", () => {
    const values = {
      PIN: "7f",
      MODE: "production",
      PORT: "5432",
      SECRET_KEY: secret,
      EMPTY: "",
      BLANK: "  x \n",
    };
    const note = unhiddenNote(values)!;
    expect(note).toMatch(
      /^PIN, MODE, PORT, BLANK: the values are shorter than 4 characters or a common word/,
    );
    expect(note).not.toMatch(/7f|production|5432|hunter2/);
    expect(unhiddenNote({ SECRET_KEY: secret, PEM: "a\nb\nlonger\n" })).toBeNull();
  });
});
