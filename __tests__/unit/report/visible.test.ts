import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonText } from "../../../src/report/json-text.ts";
import { harmless, printed } from "../../../src/report/printed.ts";
import { clipped, quoted, visible, visibleLine, visibleOutput } from "../../../src/report/visible.ts";
import { hostile, obeyed } from "../../support/hostile.ts";
import { commandsIn } from "../../support/workflow-commands.ts";

describe("a text that is not ours", () => {
  it("stays as it is in every language, with emoji and tabs", () => {
    const texts = [
      "Grüße, Καλημέρα, Привет, שלום עולם, مرحبا, こんにちは, 한국어, ไทย",
      "می‌خواهم क्‍ष 👩‍💻 👨‍👩‍👧‍👦 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇩🇪 1️⃣",
      "a\tb\nc \\u{1b} C:\\x1b",
      "Zu\u00adcker e\u0301",
    ];
    for (const text of texts) expect(printed(text)).toBe(text);
  });

  it("shows what would be obeyed, and drops colours", () => {
    expect(visible("\x1b]0;owned\x07\x1b[2Jx")).toBe("\\u{1b}]0;owned\\u{7}\\u{1b}[2Jx");
    expect(visible("\x1b[1;31mred\x1b[m\x1b[K \x9b32mgreen\x9bm")).toBe("red green");
    expect(visible("a\u202eb\u2028c\u0085d\ud800e\u{e0041}")).toBe(
      "a\\u{202e}b\\u{2028}c\\u{85}d\\u{d800}e\\u{e0041}",
    );
    expect(visible("subject\r::error::x")).toBe("subject\\u{d}::error::x");
    expect(visibleLine("a\nb\tc")).toBe("a\\u{a}b\\u{9}c");
  });

  it("has a line for each state of a progress bar", () => {
    expect(visibleOutput("10%\r50%\r100%\r\ndone\r\r\n")).toBe("10%\n50%\n100%\ndone\n");
  });

  it("is cut with a word about it, never within a character", () => {
    expect(clipped("x".repeat(100_000), 10)).toBe("xxxxxxxxxx[…] (99990 more characters)");
    expect(clipped("aa👩bb", 3)).toBe("aa[…] (4 more characters)");
    expect(quoted("a\nb\x1b[2J")).toBe('"a\\u{a}b\\u{1b}[2J"');
    expect(quoted("y".repeat(102_400)).length).toBeLessThan(130);
  });

  it("holds nothing that is obeyed, once as twice, whatever it is", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const way of [visible, visibleOutput, visibleLine, (one: string) => printed(one)]) {
          expect(way(text)).not.toMatch(obeyed);
          expect(way(way(text))).toBe(way(text));
        }
        expect(visibleLine(text)).not.toMatch(/[\n\t]/);
        expect(commandsIn(printed(text))).toEqual([]);
        expect(commandsIn(printed(text, { color: true }))).toEqual([]);
        expect(commandsIn(harmless(visible(text)))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes a time that grows with its length", () => {
    const texts = ["\x1b", ":", "#", "\u200d", " ", "\r", "\x1b[", "\u{1f3f4}\u{e0067}", "::", "\u00ad:"];
    for (const text of texts) expect(printed(text.repeat(200_000)).length).toBeGreaterThan(100_000);
  });
});

describe("JSON", () => {
  it("is read back as it was, from one line for every reader, with no command in it", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const written = jsonText({ [text]: [text] });
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify({ [text]: [text] })));
        expect(written).not.toMatch(obeyed);
        expect(written).not.toContain("\n");
        expect(commandsIn(written)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
