import { styleText } from "node:util";
import { ExitCode, usageError } from "../../errors.ts";
import { loadLint } from "../../lint/load.ts";
import type { Finding } from "../../lint/types.ts";
import { jsonText } from "../../report/json-text.ts";
import { printed } from "../../report/printed.ts";
import { defineCommand } from "../command.ts";
import { noMore } from "../environment.ts";
import { findingsHere } from "../lint/here.ts";
import { usesColor } from "../reporter/index.ts";
import { unknownWord } from "../word.ts";

export const explainCommand = defineCommand({
  name: "explain",
  summary: "what a finding means, why it matters, how to fix it",
  usage: "ID",
  example: "djdeploy explain security.W018",
  about:
    "In the folder of a project it also shows where that finding is, and its fix in the project's own style.",
  options: {},
  async run(invocation) {
    const { positionals, io, common } = invocation;
    const [id, ...more] = positionals;
    if (id === undefined) throw usageError("usage.argument", "djdeploy explain: which id?");
    noMore(more);
    const { allRules, codeLines, explain } = await loadLint();
    const rule = explain(id);
    if (!rule)
      throw usageError(
        "usage.argument",
        `there is no finding ${unknownWord(
          id,
          allRules().map((one) => one.id),
        )}`,
      );
    const here = await findingsHere(invocation, rule.id);
    if (common.format === "json") io.stdout.write(`${jsonText({ ...rule, here })}\n`);
    else {
      const title = `${rule.id} (${rule.level}): ${rule.title}`;
      const color = usesColor(io, common, io.stdout);
      const head = color ? styleText("bold", title, { validateStream: false }) : title;
      const docs = rule.docs ? `\n${rule.docs}\n` : "";
      io.stdout.write(`${head}\n\nWhy it matters: ${rule.why}\n\nHow to fix it: ${rule.fix}\n${docs}`);
      if (here.length > 0)
        io.stdout.write(
          printed(`\nIn this project:\n${here.map((one) => hereText(one, codeLines(one))).join("")}`),
        );
    }
    return ExitCode.done;
  },
});

function hereText({ file, line, column, message }: Finding, code: string[]): string {
  return `  ${file}:${line}:${column}  ${message}\n${code.map((text) => `${text}\n`).join("")}`;
}
