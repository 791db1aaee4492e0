/** A table of GitHub's Markdown; empty when it has no rows. */
export function markdownTable(header: string[], rows: string[][]): string {
  if (rows.length === 0) return "";
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text in a cell or a sentence, with nothing in it taken for Markdown or HTML. */
export function escapeText(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replace(/[\\`*_{}[\]()#|~@]/g, "\\$&")
      .replace(/\s*\n\s*/g, " ")
      // An address of the host's own leads nowhere from a reader's screen: GitHub makes no link of it.
      .replace(/:\/\/(?=127\.|localhost\b|\\\[::1)/g, ":&#47;/")
  );
}

/** Text as code within a line. (In a cell a `|` would end it.) */
export function code(text: string): string {
  const plain = text.replace(/\s+/g, " ");
  const ticks = "`".repeat(Math.max(0, ...[...plain.matchAll(/`+/g)].map((run) => run[0].length)) + 1);
  return plain.includes("`") ? `${ticks} ${plain} ${ticks}` : `${ticks}${plain}${ticks}`;
}

/** Lines that are shown on demand; "" when there are none. */
export function fold(title: string, lines: string[]): string {
  if (lines.length === 0) return "";
  return `<details><summary>${title}</summary>\n\n${lines.join("\n")}\n\n</details>`;
}

/** A block of text as it is. */
export function fence(text: string, language = "text"): string {
  const ticks = "`".repeat(Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length)) + 1);
  return `${ticks}${language}\n${text.trimEnd()}\n${ticks}`;
}

/** The first word of each host's name where that tells them apart: columns and bars are narrow. */
export function shortNames(hosts: string[]): (host: string) => string {
  const first = (host: string) => (/^[\d.]+$|:/.test(host) ? host : (host.split(".")[0] ?? host));
  return new Set(hosts.map(first)).size === hosts.length ? first : (host) => host;
}
