import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, growingRedactor, parts } from "../../../src/report/redact.ts";

/** What redaction is, without any thought of time: every place where a value stands, overlapping ones made one. */
function model(text: string, values: string[]): string {
  const hidden = new Array<boolean>(text.length).fill(false);
  for (const part of values.flatMap(parts)) {
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      hidden.fill(true, at, at + part.length);
    }
  }
  let shown = "";
  for (let at = 0; at < text.length; at++) {
    if (!hidden[at]) shown += text[at];
    else if (!hidden[at - 1]) shown += "***";
  }
  return shown;
}

// No other spelling of these is made of the same letters, so that the model need not know any.
const letter = fc.constantFrom("a", "b", "é", " ", "\n");
const word = (maxLength: number) => fc.string({ unit: letter, minLength: 1, maxLength });

describe("many values at once", () => {
  it("are hidden as one after the other would be", () => {
    fc.assert(
      fc.property(fc.array(word(12), { maxLength: 12 }), word(200), (values, text) => {
        expect(createRedactor(values)(text)).toBe(model(text, values));
      }),
      { numRuns: 500 },
    );
  });

  it("also when a text is made of nothing but them", () => {
    const chosen = fc.array(word(9), { minLength: 1, maxLength: 20 }).chain((values) =>
      fc.record({
        values: fc.constant(values),
        text: fc.array(fc.constantFrom(...values), { maxLength: 40 }).map((all) => all.join("")),
      }),
    );
    fc.assert(
      fc.property(chosen, ({ values, text }) => {
        expect(createRedactor(values)(text)).toBe(model(text, values));
      }),
      { numRuns: 300 },
    );
  });

  it("however they become known", () => {
    fc.assert(
      fc.property(fc.array(word(12), { maxLength: 20 }), word(100), (values, text) => {
        const growing = growingRedactor();
        values.forEach((value, at) => {
          growing.add([value]);
          expect(growing.redact(text)).toBe(model(text, values.slice(0, at + 1)));
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe("a value of any size", () => {
  it.each([
    ["random", (size: number) => randomBytes(size).toString("base64").slice(0, size)],
    ["one letter", (size: number) => "x".repeat(size)],
    ["two letters", (size: number) => "xy".repeat(size / 2)],
    ["zeros in between", (size: number) => `key-${"0".repeat(size)}-last`.slice(-size)],
    ["a pattern", (size: number) => "(a+)+$[^]".repeat(size / 9 + 1).slice(0, size)],
  ])("of %s", (name, make) => {
    for (const size of [4, 32, 255, 256, 257, 288, 1000, name === "random" ? 1 << 20 : 40_000]) {
      const value = make(size);
      const redact = createRedactor([value]);
      expect(redact(`<${value}>`), `${size}`).toBe("<***>");
      const encoded = redact(`<${Buffer.from(value).toString("base64")}>`);
      expect(encoded.length, `${size}`).toBeLessThan(12);
    }
  });

  it("also where only a part of it is shown", () => {
    const value = randomBytes(50_000).toString("base64");
    const redact = createRedactor([value]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 96, max: 400 }), (from, length) => {
        // What is left of it at either side of the first and the last piece is a part of a piece.
        expect(redact(`<${value.slice(from, from + length)}>`)).toBe("<***>");
      }),
    );
  });

  it("line by line where it is wrapped, also around what repeats", () => {
    const value = Array.from({ length: 3000 }, (_, at) =>
      at % 3 === 0
        ? "ab01 x"[at % 6]!.repeat(at % 40)
        : createHash("sha256").update(`${at}`).digest("base64"),
    ).join("");
    const redact = createRedactor([value]);
    for (const form of ["base64", "hex"] as const) {
      for (const line of Buffer.from(value).toString(form).match(/.{76}/g)!) {
        // Of a row of one letter something may be left: that says nothing.
        const left = redact(line).replaceAll("***", "");
        if (new Set(line).size > 12) expect(new Set(left).size, line).toBeLessThan(12);
      }
    }
  });

  it("and a text that is near to it takes no longer than its length", () => {
    // Each place of the text begins as the value does: the square of the two would take minutes.
    const redact = createRedactor([`${"a".repeat(1 << 18)}b`, `${"ab".repeat(1 << 17)}c`]);
    const text = "a".repeat(1 << 18);
    expect(redact(`${text}c`)).toBe("***c");
  });
});

it("throws nothing and says nothing of the values, whatever they are", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), fc.string({ unit: "binary" }), (values, text) => {
      createRedactor([...values, "(", "[", "\\", "\ud800", "$&$1"])(text);
    }),
  );
});
