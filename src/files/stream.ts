import type { Readable } from "node:stream";
import { usageError } from "../errors.ts";
import { tooLarge, type Wanted } from "./read.ts";
import { decodeText } from "./text.ts";

/** A writer that says nothing for so long has been forgotten. */
const silentMs = 600_000;

/** Standard input to its end, as text: no more than `most` bytes, and no longer than its writer writes. */
export async function readStream(
  stream: Readable,
  wanted: Pick<Wanted, "label" | "most" | "code" | "hint">,
  signal: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = (why: Error) => stream.destroy(why);
  const interrupted = () =>
    stop(usageError("usage.interrupted", `interrupted while reading ${wanted.label}`));
  const forgotten = () => stop(usageError(wanted.code, `nobody writes into ${wanted.label}`));
  const timer = setTimeout(forgotten, silentMs);
  if (signal.aborted) interrupted();
  signal.addEventListener("abort", interrupted);
  try {
    for await (const chunk of stream) {
      timer.refresh();
      size += chunk.length;
      if (size > wanted.most) throw tooLarge(wanted, "more");
      chunks.push(Buffer.from(chunk));
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", interrupted);
  }
  return decodeText(Buffer.concat(chunks), (seen, hint = wanted.hint) =>
    usageError(wanted.code, `${wanted.label} holds ${seen}`, {
      expected: "UTF-8 text",
      ...(hint ? { hint } : {}),
    }),
  );
}
