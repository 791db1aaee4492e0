import { type DeployError, ExitCode } from "../errors.ts";
import { errorAnnotation } from "../report/github.ts";
import { errorEvent } from "../report/json.ts";
import { jsonText } from "../report/json-text.ts";
import { printed } from "../report/printed.ts";
import { growingRedactor } from "../report/redact.ts";
import { redactError } from "../report/reporter.ts";
import { errorText } from "../report/text.ts";
import { version } from "../version.ts";
import { parse } from "./args.ts";
import { commands } from "./commands/index.ts";
import { shown } from "./failure.ts";
import { overview, verbHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { paintFor } from "./reporter/index.ts";

/** The command line from its words to the exit code. Never throws. */
export async function main(argv: string[], outside: Io): Promise<number> {
  const hidden = growingRedactor();
  const io = { ...outside, hidden };
  try {
    const parsed = parse(argv, commands);
    if (parsed.kind === "version") {
      io.stdout.write(`djdeploy ${version}\n`);
      return ExitCode.done;
    }
    if (parsed.kind === "help") {
      const color = io.stdout.isTTY === true && !io.env.NO_COLOR;
      io.stdout.write(parsed.command ? verbHelp(parsed.command, color) : overview(commands, color));
      return ExitCode.done;
    }
    return await parsed.command.run({ ...parsed, io });
  } catch (thrown) {
    const error = redactError(
      shown(thrown, argv.includes("--verbose") || argv.includes("-v")),
      hidden.redact,
    );
    showError(error, argv, io);
    return error.exitCode;
  }
}

/** What goes wrong before a reporter is there; the words themselves may be what is wrong, so they are only looked at. */
function showError(error: DeployError, argv: string[], io: Io): void {
  const at = argv.findIndex((word) => word === "--format" || word.startsWith("--format="));
  const format = at < 0 ? null : argv[at]!.includes("=") ? argv[at]!.split("=")[1] : argv[at + 1];
  if (format === "json") io.stdout.write(`${jsonText(errorEvent(error))}\n`);
  else {
    const paint = paintFor(io, { color: null }, io.stderr);
    io.stderr.write(printed(errorText(error, paint), paint));
  }
  if (format === "github") io.stdout.write(errorAnnotation(error));
}
