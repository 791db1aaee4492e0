import { styleText } from "node:util";
import { ExitCode, usageError } from "../../errors.ts";
import { explain } from "../../lint/index.ts";
import { defineCommand } from "../command.ts";
import { noMore } from "../environment.ts";
import { usesColor } from "../reporter/index.ts";

export const explainCommand = defineCommand({
  name: "explain",
  summary: "what a finding means, why it matters, how to fix it",
  usage: "ID",
  example: "djdeploy explain security.W018",
  options: {},
  async run({ positionals, io, common }) {
    const [id, ...more] = positionals;
    if (id === undefined) throw usageError("usage.argument", "djdeploy explain: which id?");
    noMore(more);
    const rule = explain(id);
    if (!rule) throw usageError("usage.argument", `there is no explanation of "${id}"`);
    if (common.format === "json") io.stdout.write(`${JSON.stringify(rule)}\n`);
    else {
      const title = `${rule.id} (${rule.level}): ${rule.title}`;
      const color = usesColor(io, common, io.stdout);
      const head = color ? styleText("bold", title, { validateStream: false }) : title;
      const docs = rule.docs ? `\n${rule.docs}\n` : "";
      io.stdout.write(`${head}\n\nWhy it matters: ${rule.why}\n\nHow to fix it: ${rule.fix}\n${docs}`);
    }
    return ExitCode.done;
  },
});
