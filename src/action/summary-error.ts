import type { DeployError } from "../errors.ts";
import { tailLines } from "../report/text.ts";
import { visibleOutput } from "../report/visible.ts";
import { escapeText, fence } from "./markdown.ts";

/**
 * What to do, then why; the heading has the message. Lines wrap on a narrow screen, only the program's own output stands
 * as it is.
 */
export function errorMarkdown({ details }: DeployError): string {
  const { hint, at, expected, seen, host, step, output } = details;
  const rows: [string, string | undefined][] = [
    ["What to do", hint],
    ["Where", [host, step, at].filter(Boolean).join(", ") || undefined],
    ["Expected", expected],
    ["Seen", seen],
  ];
  const lines = rows.flatMap(([name, text]) =>
    text === undefined ? [] : [`- **${name}**: ${text.split("\n").map(escapeText).join("<br>")}`],
  );
  const tail = output && visibleOutput(output).trimEnd().split("\n").slice(-tailLines).join("\n");
  return [lines.join("\n"), tail ? fence(tail) : ""].filter((one) => one !== "").join("\n\n");
}
