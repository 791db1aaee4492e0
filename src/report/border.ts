import type { ErrorDetails } from "../errors.ts";
import { DeployError } from "../errors.ts";
import type { Event } from "./event.ts";
import { clipped, visible, visibleDeep, visibleLine, visibleOutput } from "./visible.ts";

/** So much of one field of an error is shown, and of one line of an output. Whole files are echoed by mistake. */
const mostOfField = 4_000;
/** So much of an output goes into a line of JSON. */
const mostOfOutput = 64_000;

/** An event as it may be printed. */
export function visibleEvent(event: Event): Event {
  const { code, message, host, step } = event;
  return {
    ...event,
    message: code === "step.output" ? visibleOutput(message) : visible(message),
    ...(host === undefined ? {} : { host: visibleLine(host) }),
    ...(step === undefined ? {} : { step: visibleLine(step) }),
  };
}

/** The same error with texts that may be printed, none of them without end. What it threw is left out. */
export function visibleError(error: DeployError): DeployError {
  const { message, details } = clippedError(error);
  const { output, host, step, at, cause: _cause, ...texts } = details;
  const lines = output && visibleOutput(output).split("\n");
  return new DeployError(error.code, error.exitCode, visible(message), {
    ...visibleDeep(texts),
    ...(host === undefined ? {} : { host: visibleLine(host) }),
    ...(step === undefined ? {} : { step: visibleLine(step) }),
    ...(at === undefined ? {} : { at: visibleLine(at) }),
    ...(lines ? { output: lines.map((line) => clipped(line, mostOfField)).join("\n") } : {}),
  });
}

/** The same error with no text that hides something in Markdown; its own limits are the reader's business. */
export function visibleTexts({ code, exitCode, message, details }: DeployError): DeployError {
  const { cause: _cause, ...texts } = details;
  return new DeployError(code, exitCode, visible(message), visibleDeep(texts));
}

/** The texts of an error, cut where they are longer than anybody reads. Only behind redaction. */
export function clippedError({ message, details }: DeployError): { message: string; details: ErrorDetails } {
  const cut: ErrorDetails = { ...details };
  for (const name of ["host", "step", "at", "expected", "seen", "hint"] as const)
    if (cut[name] !== undefined) cut[name] = clipped(cut[name], mostOfField);
  // Of an output the end matters.
  if (cut.output !== undefined && cut.output.length > mostOfOutput)
    cut.output = `…${cut.output.slice(-mostOfOutput).replace(/^[\udc00-\udfff]/, "")}`;
  return { message: clipped(message, mostOfField), details: cut };
}

/** The lines after the first one moved to the right: they can not be taken for lines of our own. */
export function indented(text: string, columns: number): string {
  return text.includes("\n") ? text.replaceAll("\n", `\n${" ".repeat(columns)}`) : text;
}
