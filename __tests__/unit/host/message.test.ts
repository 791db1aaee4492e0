import { PassThrough } from "node:stream";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBase } from "../../../src/host/base.ts";
import { readLines } from "../../../src/host/lines.ts";
import { check, readMessage } from "../../../src/host/message.ts";
import { facts, holder } from "../../../src/host/protocol/facts.ts";
import { manifest } from "../../../src/host/protocol/releases.ts";

describe("the lines of a stream", () => {
  it("come whole, wherever their bytes were split, up to a length", async () => {
    const lines = fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", "")));
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 5 }), async (written, size) => {
        const stream = new PassThrough();
        const read: string[] = [];
        const never = () => expect.unreachable();
        readLines(stream, 10_000, (line) => read.push(line.toString("utf8")), never);
        const bytes = Buffer.from(written.map((line) => `${line}\n`).join(""));
        for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
        stream.end();
        await new Promise((resolve) => stream.once("end", resolve));
        expect(read).toEqual(written);
      }),
      { numRuns: 50 },
    );
  });

  it.each([[1], [7], [1000]])("end with one that is too long, in pieces of %d bytes", async (size) => {
    const stream = new PassThrough();
    const read: string[] = [];
    const beginnings: string[] = [];
    readLines(
      stream,
      100,
      (line) => read.push(line.toString()),
      (beginning) => beginnings.push(beginning.toString()),
    );
    const bytes = Buffer.from(`good\n${"x".repeat(100)}\n${"y".repeat(101)}\nnever\n`);
    for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
    stream.end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(read).toEqual(["good", "x".repeat(100)]);
    expect(beginnings).toHaveLength(1);
    expect(beginnings[0]).toMatch(/^y+$/);
  });
});

describe("what is wrong with an answer", () => {
  const whole = {
    ...{ user: "shop", hostname: "web1", bootId: "1", time: 1, machine: "x86_64", cores: 2, memoryMb: 1 },
    ...{ diskFreeMb: 1, inodesFree: 1, pythons: [], exists: true, writable: true, owner: null, live: null },
    ...{ web: null, current: null, slots: {}, strays: [], releases: [], lock: null, venvs: {}, stored: [] },
    ...{ backups: 0, tools: {}, os: { id: "debian", version: "12", name: "Debian" } },
  };
  const wrong = (changes: object) => check(facts(), { ...whole, ...changes }, "facts");

  it("is nothing where all is there, whatever stands there besides", () => {
    expect(wrong({ newer: { than: "we" } })).toEqual({ value: whole });
  });

  it.each([
    [{ owner: 5 }, "facts.owner: object", "the number 5"],
    [{ releases: [{ id: "a" }, { id: null }] }, "facts.releases[1].id: string", "null"],
    [
      { venvs: { key: { packages: { django: 5 } } } },
      "facts.venvs.key.packages.django: string",
      "the number 5",
    ],
    [{ slots: { blue: { up: "yes" } } }, "facts.slots.blue.release: string", "nothing"],
    [{ live: { slot: "red", release: null } }, "facts.live.slot: one of blue, green", 'the text "red"'],
    [{ stored: "all" }, "facts.stored: array", 'the text "all"'],
    [
      { tools: { ["\u001b[2J".repeat(100)]: 5 } },
      expect.stringMatching(/^facts.tools\["[ -~]*\[…\]"\]/),
      "the number 5",
    ],
    [{ pythons: Array(100_000).fill(5) }, "facts.pythons[0]: object", "the number 5"],
  ])("names the place: %o", (changes, expected, seen) => {
    expect(wrong(changes)).toEqual({ expected, seen });
  });

  it("is shown in a few words, whatever it is", () => {
    const all = fc.oneof(
      fc.json(),
      fc.string(),
      fc.string().map((text) => text.repeat(1000)),
    );
    fc.assert(
      fc.property(all, (line) => {
        const read = readMessage(Buffer.from(line));
        expect(read).toHaveProperty("seen");
        expect(JSON.stringify(read).length).toBeLessThan(1_000);
      }),
    );
  });
});

describe("what an older agent or a damaged file leaves out", () => {
  it("a manifest that is gone is a failed release", () => {
    expect(manifest().parse({ id: "a", live: false })).toMatchObject({
      id: "a",
      state: "failed",
      revision: "",
    });
  });

  it("a holder of which only its step is left has no name", () => {
    expect(holder().parse({ step: { name: "migrate" } })).toEqual({
      actor: "unknown",
      step: { name: "migrate" },
    });
  });
});

describe("the list of files that an upload starts from", () => {
  const packed = (json: string | Buffer) => deflateSync(json).toString("base64");

  it("is read", () => {
    const rows = [["manage.py", "x", "00"]];
    expect(readBase(packed(JSON.stringify(rows)))).toEqual(rows);
  });

  it.each([
    ["a bomb", packed(Buffer.alloc(100 << 20, "[")), /larger than/],
    ["nothing but lists", packed(`[${"[],".repeat(2_000_000)}[]]`), /more than 1000000 values/],
    ["no base64", "no base64!", /./],
    ["no JSON", packed("boo"), /no JSON/],
    ["null", packed("null"), /something else/],
    ["rows of something else", packed('[["a", "f", "0"], [1, 2, 3]]'), /something else/],
  ])("and refused: %s", (_name, base, seen) => {
    let thrown: unknown;
    try {
      readBase(base);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "host.answer", details: { seen: expect.stringMatching(seen) } });
  });
});
