import { createInterface } from "node:readline/promises";
import { usageError } from "../errors.ts";
import { readStream } from "../files/stream.ts";
import { visible } from "../report/visible.ts";
import { type Io, interactive } from "./io.ts";

/** Bytes of values that are taken at once, by a file or by standard input. */
export const mostOfValues = 16_000_000;

/** A yes-or-no question on the terminal; only "yes" or "y" is yes. */
export async function confirm(io: Io, question: string): Promise<boolean> {
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await lines.question(`${visible(question)} [y/N] `, { signal: io.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    lines.close();
  }
}

/** A question on the terminal; the answer without blanks around it, "" when none was given. */
export async function ask(io: Io, question: string): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    return (await lines.question(visible(question), { signal: io.signal })).trim();
  } finally {
    lines.close();
  }
}

/**
 * A secret value: typed without being shown on a terminal, else the whole of standard input without one newline at
 * its end.
 */
export async function readSecret(io: Io, prompt: string): Promise<string> {
  if (interactive(io)) return hidden(io, prompt);
  const wanted = { label: "standard input", most: mostOfValues, code: "usage.value" };
  const text = await readStream(io.stdin, wanted, io.signal);
  return text.replace(/\r?\n$/, "");
}

async function hidden(io: Io, prompt: string): Promise<string> {
  const { stdin } = io;
  io.stderr.write(visible(prompt));
  stdin.setRawMode?.(true);
  stdin.resume();
  try {
    let typed = "";
    for await (const chunk of stdin) {
      for (const char of Buffer.from(chunk).toString("utf8")) {
        if (char === "\r" || char === "\n") return typed;
        if (char === "\u0003" || char === "\u0004") throw usageError("usage.no-value", "no value was given");
        if (char === "\u007f" || char === "\b") typed = [...typed].slice(0, -1).join("");
        else typed += char;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode?.(false);
    io.stderr.write("\n");
  }
}
