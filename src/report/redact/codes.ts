/** From so many characters on the engine copies them faster than a loop does. */
const long = 128;
const least = 1 << 12;
/** Room that is kept: most texts are short lines, and many. */
const most = 1 << 20;
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Room for the UTF-16 units of a text, which a loop reads much faster than the text itself. */
export interface Room {
  codes: Uint16Array;
  bytes: Buffer;
}

export function createRoom(size = least): Room {
  const codes = new Uint16Array(size);
  return { codes, bytes: Buffer.from(codes.buffer) };
}

/** The same room, or a larger one where the text has none in it. */
export function roomFor(text: string, room: Room): Room {
  return text.length > room.codes.length ? createRoom(text.length) : room;
}

/** What to keep of it for the next text. */
export function keptRoom(room: Room): Room {
  return room.codes.length > most ? createRoom() : room;
}

/** Puts the units of a text into a room that is large enough. */
export function putCodes(text: string, { codes, bytes }: Room): Uint16Array {
  if (littleEndian && text.length > long) bytes.write(text, 0, "utf16le");
  else for (let at = 0; at < text.length; at++) codes[at] = text.charCodeAt(at);
  return codes;
}

/** The text of the first units of a room. */
export function textOf({ codes, bytes }: Room, length: number): string {
  if (littleEndian) return bytes.toString("utf16le", 0, 2 * length);
  return Array.from(codes.subarray(0, length), (code) => String.fromCharCode(code)).join("");
}
