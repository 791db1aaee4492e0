import { createGithubReporter } from "../../report/github.ts";
import { createJsonReporter } from "../../report/json.ts";
import { createPaint, type Paint } from "../../report/paint.ts";
import { createPlainReporter } from "../../report/plain.ts";
import type { Redact } from "../../report/redact.ts";
import { type Reporter, redacting } from "../../report/reporter.ts";
import type { Common } from "../command.ts";
import type { Io, Output } from "../io.ts";
import { createTerminalReporter } from "./terminal.ts";

export interface CliReporter extends Reporter {
  /** Keeps everything else off the terminal while a person is asked. */
  hold<T>(question: () => Promise<T>): Promise<T>;
}

/** The reporter that the options and the terminal ask for. Progress goes to stdout, failures to stderr. */
export function createReporter(io: Io, common: Common, redact: Redact): CliReporter {
  return redacting(choose(io, common), redact);
}

function choose(io: Io, common: Common): CliReporter {
  const out = (text: string) => void io.stdout.write(text);
  const err = (text: string) => void io.stderr.write(text);
  const hold = <T>(question: () => Promise<T>) => question();
  if (common.format === "json") return { ...createJsonReporter(out, common), hold };
  if (common.format === "github") return { ...createGithubReporter(out, common), hold };
  const options = { quiet: common.quiet, verbose: common.verbose, paint: paintFor(io, common, io.stdout) };
  if (io.stdout.isTTY === true && io.env.TERM !== "dumb")
    return createTerminalReporter(io.stdout, err, options);
  return { ...createPlainReporter(out, err, options), hold };
}

/** Colour as `--color` says; on its own only on a terminal and without NO_COLOR (https://no-color.org). */
export function usesColor(io: Io, { color }: Pick<Common, "color">, out: Output): boolean {
  if (color === "always" || color === "never") return color === "always";
  return out.isTTY === true && !io.env.NO_COLOR && io.env.TERM !== "dumb";
}

export function paintFor(io: Io, common: Pick<Common, "color">, out: Output): Paint {
  return createPaint(usesColor(io, common, out));
}
