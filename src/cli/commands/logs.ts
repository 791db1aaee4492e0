import { ExitCode, usageError } from "../../errors.ts";
import { logs } from "../../release/logs.ts";
import { defineCommand } from "../command.ts";
import { noMore } from "../environment.ts";
import { stream } from "../modes.ts";

export const logsCommand = defineCommand({
  name: "logs",
  summary: "show the output of the live release",
  usage: "[ENV] [PROCESS] [options]",
  example: "djdeploy logs production --follow\ndjdeploy logs production worker --lines 500",
  options: {
    follow: { short: "f", help: "go on until Ctrl-C" },
    lines: { short: "n", value: "N", help: "how many lines of each host to begin with (default: 100)" },
  },
  run: (invocation) => {
    const { io, options } = invocation;
    const lines = wholeNumber(options.lines ?? "100");
    return stream(invocation, async ({ context, rest }) => {
      const [process = null, ...more] = rest;
      noMore(more);
      const several = context.targets.length > 1;
      await logs(context, { process, follow: options.follow, lines }, ({ host, text }) => {
        io.stdout.write(several ? `${host} | ${text}\n` : `${text}\n`);
      });
      return ExitCode.done;
    });
  },
});

function wholeNumber(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw usageError("usage.option", `--lines takes a whole number, not "${text}"`);
}
