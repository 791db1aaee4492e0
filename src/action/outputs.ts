import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveState, setOutput } from "@actions/core";
import { type Redact, redactDeep } from "../report/redact.ts";
import type { Done } from "./verbs/types.ts";

/** Sets every output of action.yml, on success and on failure alike; what does not apply is empty. */
export function writeOutputs({
  report,
  findings,
  plan,
  ending,
  durationMs,
  temp,
  redact,
}: Done & { durationMs: number; temp: string | null; redact: Redact }): void {
  const { error } = ending;
  const failure = error && { code: error.code, exitCode: error.exitCode, message: error.message };
  setOutput("result", report?.result ?? "");
  setOutput("release", report?.release ?? "");
  setOutput("previous-release", report?.previousRelease ?? "");
  setOutput("revision", report?.revision ?? "");
  setOutput("url", report?.url ?? "");
  setOutput("findings", findings ?? "");
  setOutput("duration", (durationMs / 1000).toFixed(1));
  const folder = mkdtempSync(join(temp ?? tmpdir(), "django-deploy-"));
  saveState("folder", folder);
  const write = (name: string, value: object) => {
    const path = join(folder, name);
    writeFileSync(path, `${JSON.stringify(redactDeep(value, redact), null, 2)}\n`, { mode: 0o600 });
    return path;
  };
  setOutput("plan", plan ? write("plan.json", plan) : "");
  setOutput("report", write("report.json", { ...ending.line, error: failure }));
}
