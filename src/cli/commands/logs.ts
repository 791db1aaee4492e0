import { once } from "node:events";
import { nearest } from "../../config/nearest.ts";
import type { Config } from "../../config/types.ts";
import { ExitCode, usageError } from "../../errors.ts";
import { logs } from "../../release/logs.ts";
import { printed } from "../../report/printed.ts";
import { visibleOutput } from "../../report/visible.ts";
import { defineCommand } from "../command.ts";
import { noMore } from "../environment.ts";
import { stream } from "../modes.ts";
import { notShown, unknownWord } from "../word.ts";

export const logsCommand = defineCommand({
  name: "logs",
  summary: "show the output of the live release",
  usage: "[ENV] [PROCESS] [options]",
  example: "djdeploy logs production --follow\ndjdeploy logs production worker --lines 500",
  about:
    "On a terminal, and with --format github, what would steer the terminal or the workflow is shown, not obeyed. A pipe\n" +
    "or a file is given each byte as the host sent it.",
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
      requireProcess(process, context.config);
      const several = context.targets.length > 1;
      // A pipe gets what the program wrote: whoever reads it decides (as kubectl logs and journalctl --output=cat do).
      const raw = io.stdout.isTTY !== true && invocation.common.format !== "github";
      // One for all hosts, however many wait for the reader.
      let drained: Promise<void> | undefined;
      await logs(context, { process, follow: options.follow, lines }, ({ host, text }) => {
        const line = several ? `${host} | ${text}\n` : `${text}\n`;
        if (io.stdout.write(raw ? line : printed(visibleOutput(line)))) return undefined;
        drained ??= once(io.stdout, "drain").then(() => {
          drained = undefined;
        });
        return drained;
      });
      return ExitCode.done;
    });
  },
});

/** With one environment its name may be left out, and a word that is nearly that one is none of a process. */
function requireProcess(word: string | null, { environment, processes }: Config): void {
  if (word === null || word === "web" || word in processes || nearest(word, [environment]) === null) return;
  throw usageError("usage.environment", `there is no environment ${unknownWord(word, [environment])}`, {
    expected: environment,
  });
}

function wholeNumber(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw usageError("usage.option", `--lines takes a whole number, not that ${notShown(text)}`);
}
