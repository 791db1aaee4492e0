const context = 3;

/** A unified diff of a new file (`old` null), or of lines that were added at the end of one. */
export function additions(path: string, old: string | null, text: string): string {
  const before = lines(old ?? "");
  const added = lines(text).slice(before.length);
  const shown = before.slice(-context);
  const start = before.length - shown.length;
  const range = (first: number, count: number) => `${count === 0 ? first : first + 1},${count}`;
  return [
    `--- ${old === null ? "/dev/null" : `a/${path}`}`,
    `+++ b/${path}`,
    `@@ -${range(start, shown.length)} +${range(start, shown.length + added.length)} @@`,
    ...shown.map((line) => ` ${line}`),
    ...added.map((line) => `+${line}`),
    "",
  ].join("\n");
}

function lines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
