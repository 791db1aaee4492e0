import { randomUUID } from "node:crypto";
import { setOutput as issueOutput, saveState as issueState } from "@actions/core";
import { appendRegular } from "../files/append.ts";

// The toolkit's own functions wait for the other end of a pipe, follow links, and throw where a disk is full; code of the
// repository can put any of those in the place of the runner's files.

/** Sets an output of the step. Answers why it could not, as a sentence; null when it could. */
export function setOutput(name: string, value: string): string | null {
  if (process.env.GITHUB_OUTPUT) return append("GITHUB_OUTPUT", entry(name, value));
  issueOutput(name, value);
  return null;
}

/** The same for what the step's post is given. */
export function saveState(name: string, value: string): string | null {
  if (process.env.GITHUB_STATE) return append("GITHUB_STATE", entry(name, value));
  issueState(name, value);
  return null;
}

/** The same for the summary of the step; where the runner offers none, there is none. */
export function addSummary(text: string): string | null {
  return process.env.GITHUB_STEP_SUMMARY ? append("GITHUB_STEP_SUMMARY", text) : null;
}

function append(variable: string, text: string): string | null {
  const why = appendRegular(process.env[variable]!, text);
  return why === null ? null : `the file at ${variable} cannot be written: ${why}`;
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#multiline-strings */
function entry(name: string, value: string): string {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
