import type { Readable } from "node:stream";
import { growing } from "../ssh/growing.ts";

/**
 * Calls `onLine` for each line of a stream, without its end; its bytes are whole then, and not decoded. A line of more than
 * `most` bytes ends the reading with `tooLong`, which gets its beginning.
 */
export function readLines(
  stream: Readable,
  most: number,
  onLine: (line: Buffer) => void,
  tooLong: (beginning: Buffer) => void,
): void {
  const begun = growing();
  const onData = (data: Buffer) => {
    let start = 0;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      const piece = data.subarray(start, end);
      start = end + 1;
      if (begun.length + piece.length > most) return stop(piece);
      if (begun.length === 0) onLine(piece);
      else {
        begun.push(piece);
        onLine(begun.bytes());
        begun.clear();
      }
    }
    const rest = data.subarray(start);
    if (begun.length + rest.length > most) return stop(rest);
    if (rest.length > 0) begun.push(rest);
  };
  function stop(piece: Buffer): void {
    stream.off("data", onData);
    const beginning = Buffer.from((begun.length > 0 ? begun.bytes() : piece).subarray(0, 200));
    begun.clear();
    tooLong(beginning);
  }
  stream.on("data", onData);
}
