import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { asItStands, once } from "./protocol/shape.ts";

/** The longest line of an agent, in bytes: the list of files of a release with 100 000 of them takes 8 MB. */
export const longestLine = 12 << 20;

/** Lists, objects and values in one line. A line of nothing but brackets would become forty times as much memory. */
const mostValues = 300_000;
/** Lines up to here are small whatever is in them. */
const small = 256 * 1024;

/** What an agent says on one line (djd_channel.py). */
export type Message =
  | { kind: "hello" }
  | { kind: "need" }
  | { kind: "pong" }
  | { kind: "log"; id: number; log: unknown }
  | { kind: "ok"; id: number; ok: unknown }
  | { kind: "skipped"; id: number }
  | { kind: "refused"; id: number; refused: Refused }
  | { kind: "crash"; id: number; crash: string };

/** What is wrong with something that a host said. */
export interface Wrong {
  expected: string;
  seen: string;
}

const refused = once(() =>
  z.object({
    code: z.string().regex(/^[a-z][a-z0-9.-]{0,60}$/),
    message: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
);

export type Refused = z.output<ReturnType<typeof refused>>;

/** Reads one line, or says what is wrong with it. */
export function readMessage(line: Buffer): Message | Wrong {
  if (line.length > small && values(line) > mostValues)
    return { expected: `at most ${mostValues} values in a line`, seen: `more, from ${excerpt(line)} on` };
  const value = parse(line);
  if (value === undefined) return { expected: "a line of JSON in UTF-8", seen: excerpt(line) };
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { expected: "an object", seen: kindOf(value) };
  const said = value as Record<string, unknown>;
  if (said["hello"] === 1) return { kind: "hello" };
  if (said["need"] === "agent") return { kind: "need" };
  if (said["pong"] === 1) return { kind: "pong" };
  const { id } = said;
  if (typeof id !== "number") return { expected: "the number of a question (id)", seen: kindOf(id) };
  if ("log" in said) return { kind: "log", id, log: said["log"] };
  if ("ok" in said) return { kind: "ok", id, ok: said["ok"] };
  if (said["skipped"] === true) return { kind: "skipped", id };
  if (typeof said["crash"] === "string") return { kind: "crash", id, crash: said["crash"] };
  const no = check(refused(), said["refused"], "refused");
  if ("expected" in no) return { ...no, expected: `ok, log, skipped, crash or ${no.expected}` };
  return { kind: "refused", id, refused: no.value };
}

/** The value as its schema has it, or what is wrong: `facts.releases[0].state: one of …`, and what stands there. */
export function check<T>(schema: z.ZodType<T>, value: unknown, name: string): { value: T } | Wrong {
  const checked = schema.safeParse(value, asItStands);
  if (checked.success) return { value: checked.data };
  const [issue] = checked.error.issues;
  const path = issue?.path ?? [];
  return {
    expected: `${pathText(name, path)}: ${issue ? wanted(issue) : "something else"}`,
    seen: kindOf(at(value, path)),
  };
}

function parse(line: Buffer): unknown {
  if (!isUtf8(line)) return undefined;
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** How many values stand in some JSON at most. */
export function values(json: Buffer): number {
  let count = 0;
  for (const byte of json) if (byte === 0x2c || byte === 0x5b || byte === 0x7b) count++; // , [ {
  return count;
}

function wanted(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return issue.expected;
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  return issue.message;
}

function pathText(name: string, path: PropertyKey[]): string {
  const parts = path.map((key) =>
    typeof key === "number"
      ? `[${key}]`
      : /^\w{1,40}$/.test(String(key))
        ? `.${String(key)}`
        : `[${short(String(key))}]`,
  );
  return name + parts.join("");
}

function at(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key], value);
}

/** What something is, in a few words: what a host says may be long, or a secret. */
function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") {
    const keys = Object.keys(value);
    const names = keys.slice(0, 5).map((key) => short(key, 40));
    return `an object with ${names.join(", ") || "nothing in it"}${keys.length > 5 ? ", …" : ""}`;
  }
  return typeof value === "string" ? `the text ${short(value)}` : `the ${typeof value} ${String(value)}`;
}

/** The beginning of a line, readable. */
export function excerpt(line: Buffer): string {
  return short(line.subarray(0, 400).toString("utf8"), 80, line.length > 400);
}

function short(text: string, most = 80, cut = false): string {
  return JSON.stringify(text.length > most || cut ? `${text.slice(0, most)}[…]` : text);
}
