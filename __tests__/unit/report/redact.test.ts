import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeployError } from "../../../src/errors.ts";
import { createRedactor, redactDeep } from "../../../src/report/redact.ts";
import { redactError } from "../../../src/report/reporter.ts";
import { clipped, listed, quoted, shortened } from "../../../src/report/visible.ts";

const secret = "p4ss'w\"or\\d/é +&<x>";

function base32(text: string): string {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const five = bits.match(/.{1,5}/g) ?? [];
  const letters = five.map(
    (one) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(one.padEnd(5, "0"), 2)],
  );
  return letters.join("").padEnd(Math.ceil(letters.length / 8) * 8, "=");
}

describe("a value that a program shortened is hidden", () => {
  const token = "ghx_0aB1cD2eF3gH4iJ5kL6mN7";
  const redact = createRedactor([token, "short-secret-123"]);

  it.each([
    [`token ${token.slice(0, 12)}... is wrong`, "token ***... is wrong"],
    [`token=${token.slice(0, 20)}…`, "token=***…"],
    [`'${token.slice(0, 13)}...${token.slice(-12)}'`, "'***...***'"],
    [`…${token.slice(-15)}, again`, "…***, again"],
    [`${token.slice(0, 14)}.....`, "***....."],
    [`… … … ${token.slice(0, 12)}…`, "… … … ***…"],
  ])("%s", (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  it.each([
    `${token.slice(0, 11)}...`,
    `${token.slice(0, 12)}. And so on`,
    `${token.slice(0, 12)}x...`,
    `...x${token.slice(-12)}`,
    "short-secret...",
    "Collecting packages ... done … and more...",
  ])("no more than that: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("whatever the text is, in a time that grows as it does", () => {
    const alike = Array.from({ length: 1000 }, (_, at) => `https://one.example/${at}/${"x".repeat(300)}`);
    const many = createRedactor(alike);
    expect(many("https://one.example/...".repeat(100_000))).not.toContain("one");
    expect(many("....".repeat(1_000_000))).toHaveLength(4_000_000);
  });
});

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
    ["as Go's JSON", JSON.stringify(secret).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
    [
      "as Django's json_script",
      JSON.stringify(secret)
        .replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16).toUpperCase()}`)
        .replace("é", "\\u00e9"),
    ],
    ["in Go's HTML", "p4ss&#39;w&#34;or\\d/é +&amp;&lt;x&gt;"],
    ["in the text of XML", `p4ss'w"or\\d/é +&amp;&lt;x&gt;`],
    ["in an attribute of XML", "p4ss'w&quot;or\\d/é +&amp;&lt;x&gt;"],
    ["in XML", "p4ss&apos;w&quot;or\\d/é +&amp;&lt;x&gt;"],
    ["as JSON in JSON", JSON.stringify(JSON.stringify({ secret }))],
    ["as JSON in JSON in JSON", JSON.stringify(JSON.stringify(JSON.stringify(secret)))],
    ["in hexadecimal", Buffer.from(secret).toString("hex")],
    ["in hexadecimal with capitals", Buffer.from(secret).toString("hex").toUpperCase()],
    [
      "as openssl prints it",
      Buffer.from(secret)
        .toString("hex")
        .replace(/..(?=.)/g, "$&:"),
    ],
    [
      "byte by byte",
      Buffer.from(secret)
        .toString("hex")
        .replace(/..(?=.)/g, "$& "),
    ],
    ["in base32", base32(secret)],
    ["as Python writes bytes", "b'p4ss\\'w\"or\\\\d/\\xc3\\xa9 +&<x>'"],
    ["as Python writes it in ASCII", "'p4ss\\'w\"or\\\\d/\\xe9 +&<x>'"],
    ["in a URL in a URL", encodeURIComponent(encodeURIComponent(secret))],
    ["with colours in it", "p4s\x1b[1;31ms'w\"or\x1b[0m\\d/é +&<x>"],
    ["with a link in it", "p4s\x1b]8;;https://example.com\x07s'w\"or\x1b]8;;\x1b\\\\d/é +&<x>"],
    ["in the title of a terminal", `\x1b]0;${secret}\x07`],
    ["behind a sequence without an end", `\x1b]0;${secret}`],
    ["with characters that are not seen in it", "p4\0ss'w\u200b\"or\u202e\\d/é\b +&\x7f<x>"],
  ])("%s", (_how, text) => {
    const shown = redact(`before ${text} after`);
    expect(shown).toContain("***");
    expect(shown).not.toContain(text);
    expect(shown).toMatch(/^before .{0,20}\*\*\*.{0,20} after$/);
  });

  it.each([64, 76, 48, 30])("in base64 wrapped at %i, at once and line by line", (width) => {
    const value = `${"p4ss/".repeat(3)}${"w0rd".repeat(31)}`;
    const hide = createRedactor([value]);
    for (const newline of ["\n", "\r\n", "\\n", "\\r\\n", "\n    "]) {
      const lines = Buffer.from(value)
        .toString("base64")
        .match(new RegExp(`.{1,${width}}`, "g"))!;
      expect(hide(`<${lines.join(newline)}>`)).toMatch(/^<\*\*\*.{0,4}>$/);
      if (width >= 64) for (const line of lines) expect(hide(`web1 | ${line}`)).toMatch(/\| \*\*\*.{0,4}$/);
    }
  });

  it("in hexadecimal, line by line as xxd -p and openssl wrap it", () => {
    const value = "correct horse battery staple, and more of it than fits into one line";
    const hide = createRedactor([value]);
    const hex = Buffer.from(value).toString("hex");
    for (const line of hex.match(/.{1,60}/g)!) expect(hide(line)).toBe("***");
    for (const line of hex.match(/.{1,30}/g)!) {
      expect(hide(`    ${line.replace(/../g, "$&:")}`)).toMatch(/^ {4}\*\*\*:$/);
    }
  });

  it("the base64 of a key, however it is wrapped", () => {
    const body = Buffer.from(Array.from({ length: 96 }, (_, at) => (at * 89) % 251)).toString("base64");
    const pem = `-----BEGIN KEY-----\n${body.match(/.{1,64}/g)!.join("\n")}\n-----END KEY-----\n`;
    expect(createRedactor([pem])(`<${body.match(/.{1,70}/g)!.join("\n")}>`)).toBe("<***>");
    expect(createRedactor([pem])(JSON.stringify(JSON.stringify({ pem })))).toBe('"{\\"pem\\":\\"***\\"}"');
  });

  it("also the half of it at either side of a cut", () => {
    const hide = createRedactor([secret, "hunter2-and-more", "x".repeat(40) + "y".repeat(40_000)]);
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 12 }), (at) => {
        const value = "hunter2-and-more";
        expect(hide(`before ${value.slice(0, at)}[…]`)).toBe("before ***[…]");
        expect(hide(`[…]${value.slice(-at)} after`)).toBe("[…]*** after");
        expect(hide(`${value.slice(0, at)}[…]\n[…]${value.slice(at)}`)).toBe("***[…]\n[…]***");
        const encoded = Buffer.from(value).toString("base64").slice(0, -2);
        expect(hide(`${encoded.slice(0, at)}[…]`)).toBe("***[…]");
      }),
    );
    expect(hide(`${"x".repeat(20)}[…]`)).toBe("***[…]");
    expect(hide(`[…]${"y".repeat(20)}`)).toBe("[…]***");
    expect(hide("nothing of it […] here")).toBe("nothing of it […] here");
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

it("hides the half of a value that stands where we cut a word ourselves", () => {
  const long = "Long-Secret-Value-".repeat(30);
  const redact = createRedactor([long]);
  for (const text of [clipped(long, 40), shortened(long, 40), quoted(long), `${listed([long])}, x`])
    expect(redact(text)).not.toContain("Secret");
});

it("leaves the codes of our own events whole where a value is one of their words", () => {
  for (const word of ["step", "result", "note", "phase"]) {
    const event = { code: `${word}.start`, level: "info", message: word };
    expect(redactDeep(event, createRedactor([word]))).toEqual(event);
  }
});
