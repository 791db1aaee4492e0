import { expect, test } from "vitest";
import { answerer, listen } from "../../../bench/fleet/conversation.ts";

const line = (value: object) => `${JSON.stringify(value)}\n`;
const program = `${"5".padStart(11)}\nhello`;
const upload = (id: number, release: string) =>
  `${line({ id, op: "upload", args: { release }, blob: 3 })}a\nb`;

test("a stand-in answers as the recorded agent did, in this run's names, however the bytes come", () => {
  const recorded = listen();
  recorded.hear("in", Buffer.from(`${program}${upload(1, "R-then")}${line({ id: 2, op: "clean" })}`));
  recorded.hear("out", Buffer.from(`\n${line({ hello: 1 })}${line({ id: 1, log: "copied" })}`));
  recorded.hear("out", Buffer.from(line({ id: 1, ok: { at: "releases/R-then" } }) + line({ id: 2, ok: {} })));

  const said: object[] = [];
  const hear = answerer(recorded.answered(), (text) => said.push(JSON.parse(text)));
  for (const byte of `${program}${upload(7, "R-now")}${line({ id: 8, op: "clean" })}${line({ op: "ping" })}`)
    hear(Buffer.from(byte));
  expect(said).toEqual([
    { id: 7, log: "copied" },
    { id: 7, ok: { at: "releases/R-now" } },
    { id: 8, ok: {} },
  ]);
  hear(Buffer.from(line({ id: 9, op: "migrate" })));
  expect(said.at(-1)).toEqual({ id: 9, crash: expect.stringContaining("migrate") });
});
