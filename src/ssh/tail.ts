import { growing } from "./growing.ts";

/**
 * Collects output and keeps its last `limit` bytes as text, from the first whole character on; where something was
 * dropped before it, `[…]` says so.
 */
export function tailOf(limit: number): { push(chunk: Buffer): void; text(): string } {
  const kept = growing();
  let cut = false;
  return {
    push(chunk) {
      cut ||= kept.length + chunk.length > limit;
      kept.push(chunk.subarray(Math.max(0, chunk.length - limit)));
      if (kept.length > 2 * limit) kept.keepLast(limit);
    },
    text() {
      kept.keepLast(limit);
      const bytes = kept.bytes();
      if (!cut) return bytes.toString("utf8");
      // The first character may have lost its beginning: bytes that go on with one start with the bits 10.
      const whole = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
      return `[…]${bytes.subarray(Math.max(0, whole)).toString("utf8")}`;
    },
  };
}
