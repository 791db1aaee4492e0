import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeployError } from "../../../src/errors.ts";
import { createRedactor, redactDeep } from "../../../src/report/redact.ts";
import { redactError } from "../../../src/report/reporter.ts";

const secret = "p4ss'w\"or\\d/é +&<x>";

describe("a secret value is hidden", () => {
  const redact = createRedactor([secret]);
  it.each([
    ["as it is", secret],
    ["as JSON", JSON.stringify(secret)],
    ["as JSON of nothing but ASCII", JSON.stringify(secret).replace("é", "\\u00e9")],
    ["in a URL", `https://u:${encodeURIComponent(secret)}@host/`],
    ["in a form", new URLSearchParams({ x: secret }).toString()],
    ["quoted for a shell", `'${secret.replaceAll("'", "'\\''")}'`],
    ["in Django's debug page", "p4ss&#x27;w&quot;or\\d/é +&amp;&lt;x&gt;"],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in a header of basic authorisation", Buffer.from(`user:${secret}`).toString("base64")],
    ["in base64url", Buffer.from(`{"k":"${secret}"}`).toString("base64url")],
  ])("%s", (_how, text) => {
    const shown = redact(`before ${text} after`);
    expect(shown).toContain("***");
    expect(shown).not.toContain(text);
    expect(shown).toMatch(/^before .* after$/);
  });

  it("line by line when it has several lines", () => {
    const key = "-----BEGIN KEY-----\nMIIEvgIBADANBgkq\nhkiG9w0BAQEF\n-----END KEY-----\n";
    const hide = createRedactor([key]);
    for (const line of key.trim().split("\n")) expect(hide(`web1 | ${line}`)).toBe("web1 | ***");
    expect(hide(JSON.stringify({ key }))).toBe('{"key":"***"}');
  });

  it("the password of a URL on its own", () => {
    const hide = createRedactor(["postgres://counter:s3cr%40t-pw@db.example.com/counter"]);
    expect(hide("password s3cr@t-pw was refused")).toBe("password *** was refused");
    expect(hide("password s3cr%40t-pw was refused")).toBe("password *** was refused");
    expect(hide("could not reach db.example.com")).toBe("could not reach db.example.com");
  });

  it("the longest first: none leaves a part of another", () => {
    expect(createRedactor(["hunter2", "hunter2-and-more"])("x hunter2-and-more y")).toBe("x *** y");
  });
});

it("leaves words of every log alone", () => {
  const redact = createRedactor(["", "x", "True", "production", "5432", "localhost"]);
  const text = "production on localhost:5432 is True, x";
  expect(redact(text)).toBe(text);
});

it("never lets a value through, wherever it stands", () => {
  const value = fc.string({ unit: "grapheme", minLength: 6, maxLength: 40 });
  fc.assert(
    fc.property(value, fc.string(), fc.string(), (text, before, after) => {
      fc.pre(!/^\s|\s$|^\d{1,5}$/.test(text) && !"***".includes(text));
      const redact = createRedactor([text]);
      expect(redact(`${before}${text}${after}`)).not.toContain(text);
      expect(JSON.stringify(redactDeep({ a: [{ b: `${before}${text}${after}` }] }, redact))).not.toContain(
        text,
      );
    }),
  );
});

it("cleans an error, its details and its stack", () => {
  const cause = new Error(`could not use ${secret}`);
  const error = new DeployError("x", 1, `failed: ${secret}`, {
    host: "web1",
    seen: secret,
    output: secret,
    cause,
  });
  const clean = redactError(error, createRedactor([secret]));
  expect(clean).toMatchObject({
    code: "x",
    exitCode: 1,
    message: "failed: ***",
    details: { host: "web1", seen: "***" },
  });
  expect(clean.stack).not.toContain(secret);
});
