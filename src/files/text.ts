/** Turns bytes of a user's file into text; `refuse` makes the error from what was seen and what to do. */
export function decodeText(bytes: Buffer, refuse: (seen: string, hint?: string) => Error): string {
  const utf16 = bytes.length > 1 && ["fffe", "feff"].includes(bytes.toString("hex", 0, 2));
  const hint = "save it as UTF-8 in your editor";
  if (utf16) throw refuse("UTF-16 text", hint);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse("not UTF-8 text", hint);
  }
}
