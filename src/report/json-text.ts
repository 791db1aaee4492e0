/** Obeyed or not seen by some reader, though JSON lets it stand: as in visible.ts, and the beginning of `##[command]`. */
const unsafe =
  /[\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]|#(?=[^ -~\n]*#[^ -~\n]*\[)/g;

/** JSON on one line for every reader; with `indent` for a file. What is read back is exactly the value. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(unsafe, (found) =>
    [...Array(found.length).keys()]
      .map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
