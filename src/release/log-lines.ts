import { StringDecoder } from "node:string_decoder";
import type { Channel } from "../ssh/types.ts";

/** What a log that is not followed may take: milliseconds without a word, bytes in all. */
export const oneLook = { silentMs: 60_000, bytes: 64 << 20 };

/** Pending for as long as no more lines are wanted. */
export type Behind = Promise<void> | undefined;

/** A line is shown in pieces of so many characters, however long it is. */
const longest = 64 * 1024;

/**
 * Gives each line of a program to `onLine`; no more is read while what that gives is pending. Answers null, or why that is
 * not all: the last that the program said when it failed, or the limit that it broke; it is left alone then.
 */
export async function eachLine(
  channel: Channel,
  limits: typeof oneLook | null,
  onLine: (text: string) => Behind,
): Promise<string | null> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let bytes = 0;
  let said = "";
  channel.stdin.on("error", () => {});
  channel.stdin.end();
  channel.stderr.on("data", (data: Buffer) => {
    said = (said + data.toString("utf8")).slice(-2000);
  });
  const broken = new Promise<string>((resolve) => {
    let behind: Behind;
    const late = limits
      ? setTimeout(() => {
          if (behind) late?.refresh();
          else resolve(`nothing came for ${limits.silentMs / 1000} s`);
        }, limits.silentMs)
      : null;
    const tell = (line: string) => {
      const now = onLine(line);
      if (!now || now === behind) return;
      behind = now;
      channel.stdout.pause();
      void now.then(() => {
        if (behind !== now) return;
        behind = undefined;
        channel.stdout.resume();
      });
    };
    void channel.closed.then(() => clearTimeout(late ?? undefined));
    channel.stdout.on("data", (data: Buffer) => {
      late?.refresh();
      bytes += data.length;
      if (limits && bytes > limits.bytes) return void resolve(`it is longer than ${limits.bytes >> 20} MiB`);
      const lines = (rest + decoder.write(data)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) tell(line);
      if (rest.length < longest) return;
      tell(rest);
      rest = "";
    });
  });
  const ended = await Promise.race([channel.closed, broken]);
  if (typeof ended === "string") return ended;
  if (rest) onLine(rest);
  const { code, signal } = ended;
  return code === 0
    ? null
    : said.trim().split("\n").at(-1) || `ended with ${code ?? signal ?? "no exit code"}`;
}
