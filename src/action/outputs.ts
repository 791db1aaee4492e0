import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whyNot } from "../files/write.ts";
import { jsonText } from "../report/json-text.ts";
import { type Redact, redactDeep } from "../report/redact.ts";
import { visibleLine } from "../report/visible.ts";
import { saveState, setOutput } from "./runner-files.ts";
import type { Done } from "./verbs/types.ts";

const reports = "django-deploy-";

/** Whether that is the name of a folder that `writeOutputs` made. */
export const isReportsFolder = (name: string): boolean =>
  name.startsWith(reports) && /^[A-Za-z0-9]{6}$/.test(name.slice(reports.length));

/**
 * Sets every output of action.yml, on success and on failure alike; what does not apply is empty. Answers what could not
 * be written, as sentences: it changes nothing of what was done.
 */
export function writeOutputs({
  report,
  findings,
  plan,
  artifactSha256,
  ending,
  durationMs,
  temp,
  redact,
}: Done & { durationMs: number; temp: string | null; redact: Redact }): string[] {
  const { error } = ending;
  const failure = error && { code: error.code, exitCode: error.exitCode, message: error.message };
  // A host names its releases: a name of several lines would be several lines of a shell that is given it.
  const problems: (string | null)[] = [];
  const set = (name: string, value: string | number) => {
    problems.push(setOutput(name, visibleLine(String(value))));
  };
  set("result", report?.result ?? "");
  set("release", report?.release ?? "");
  set("previous-release", report?.previousRelease ?? "");
  set("revision", report?.revision ?? "");
  set("url", report?.url ?? "");
  set("findings", findings ?? "");
  set("artifact-sha256", artifactSha256 ?? "");
  set("duration", (durationMs / 1000).toFixed(1));
  let folder: string | null = null;
  const write = (name: string, value: object) => {
    try {
      if (folder === null) {
        folder = mkdtempSync(join(temp ?? tmpdir(), reports));
        problems.push(saveState("folder", folder));
      }
      const path = join(folder, name);
      writeFileSync(path, `${jsonText(redactDeep(value, redact), 2)}\n`, { mode: 0o600 });
      return path;
    } catch (error) {
      const why = whyNot(error as NodeJS.ErrnoException);
      problems.push(`${name} cannot be written to the folder at RUNNER_TEMP: ${why}`);
      return "";
    }
  };
  set("plan", plan ? write("plan.json", plan) : "");
  set("report", write("report.json", { ...ending.line, error: failure }));
  return [...new Set(problems)].filter((problem) => problem !== null);
}
