import { StringDecoder } from "node:string_decoder";

/**
 * Collects output as text and keeps its last `limit` characters. Bytes of one character may come in two chunks:
 * decoding chunk by chunk would break it.
 */
export function tailOf(limit: number): { push(chunk: Buffer): void; text(): string } {
  const decoder = new StringDecoder("utf8");
  let kept = "";
  let cut = false;
  const keep = (more: string) => {
    kept += more;
    if (kept.length <= 2 * limit) return;
    kept = kept.slice(-limit);
    cut = true;
  };
  return {
    push: (chunk) => keep(decoder.write(chunk)),
    text: () => {
      keep(decoder.end());
      if (kept.length <= limit && !cut) return kept;
      return `[…]${kept.slice(-limit)}`;
    },
  };
}
