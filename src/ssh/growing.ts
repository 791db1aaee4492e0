/** Bytes that come in pieces, as one buffer: a piece of one byte costs one byte, however many there are. */
export interface Growing {
  readonly length: number;
  push(piece: Buffer): void;
  /** What is held, until the next piece. */
  bytes(): Buffer;
  /** Keeps the last so many. */
  keepLast(count: number): void;
  clear(): void;
}

const least = 16 * 1024;

export function growing(): Growing {
  let held = Buffer.alloc(0);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(piece) {
      if (length + piece.length > held.length) {
        const larger = Buffer.allocUnsafe(Math.max(least, 2 * held.length, length + piece.length));
        held.copy(larger, 0, 0, length);
        held = larger;
      }
      piece.copy(held, length);
      length += piece.length;
    },
    bytes: () => held.subarray(0, length),
    keepLast(count) {
      if (length <= count) return;
      held.copyWithin(0, length - count, length);
      length = count;
    },
    clear() {
      held = Buffer.alloc(0);
      length = 0;
    },
  };
}
