import type { Readable } from "node:stream";

/** Calls `onLine` for each line of a stream, without its end; bytes are decoded only when a line is whole. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let pieces: Buffer[] = [];
  stream.on("data", (data: Buffer) => {
    let start = 0;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      pieces.push(data.subarray(start, end));
      onLine(Buffer.concat(pieces).toString("utf8"));
      pieces = [];
      start = end + 1;
    }
    if (start < data.length) pieces.push(data.subarray(start));
  });
}
