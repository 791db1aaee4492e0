import { usageError } from "../../errors.ts";

const utf8 = (bytes: Buffer) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

/** Byte order marks in pip's order; UTF-32 is longer and begins like UTF-16. */
const marks: [mark: string, decode: ((bytes: Buffer) => string) | null][] = [
  ["efbbbf", utf8],
  ["fffe0000", null],
  ["0000feff", null],
  ["fffe", (bytes) => new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true }).decode(bytes)],
  ["feff", (bytes) => new TextDecoder("utf-16be", { fatal: true, ignoreBOM: true }).decode(bytes)],
];

/** `# -*- coding: latin-1 -*-` in one of the first two lines. */
const coding = /^[^\n]*coding[:=]\s*([-\w.]+)/;

/**
 * A requirements file as pip reads it (pip/_internal/utils/encoding.py): by its byte order mark, else by a comment that
 * names its encoding, else as UTF-8, which is the host's. PowerShell's `pip freeze > requirements.txt` writes UTF-16. What
 * can not be read so is refused: pip would fail on it, or we would not see what it installs.
 */
export function requirementText(bytes: Buffer, file: string): string {
  try {
    for (const [mark, decode] of marks) {
      if (bytes.toString("hex", 0, mark.length / 2) !== mark) continue;
      if (decode === null) throw new TypeError("UTF-32");
      return decode(bytes.subarray(mark.length / 2));
    }
    for (const line of bytes.toString("latin1").split("\n", 2)) {
      const name = line.startsWith("#") ? coding.exec(line)?.[1] : undefined;
      if (name) return new TextDecoder(latin(name), { fatal: true, ignoreBOM: true }).decode(bytes);
    }
    return utf8(bytes);
  } catch {
    throw usageError("project.requirements-encoding", `${file} can not be read as text`, {
      at: file,
      expected: "UTF-8, UTF-16 with a byte order mark, or the encoding that a comment on top names",
      hint: "save it as UTF-8 in your editor",
    });
  }
}

/** Python's names of encodings that a browser's decoder does not know so. */
function latin(name: string): string {
  const plain = name.toLowerCase().replaceAll("_", "-");
  return /^(latin-?1|iso-8859-1|l1)$/.test(plain) ? "latin1" : plain;
}
