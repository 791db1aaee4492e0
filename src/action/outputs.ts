import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveState, setOutput } from "@actions/core";
import { jsonText } from "../report/json-text.ts";
import { type Redact, redactDeep } from "../report/redact.ts";
import { visibleLine } from "../report/visible.ts";
import type { Done } from "./verbs/types.ts";

/** Sets every output of action.yml, on success and on failure alike; what does not apply is empty. */
export function writeOutputs({
  report,
  findings,
  plan,
  artifactSha256,
  ending,
  durationMs,
  temp,
  redact,
}: Done & { durationMs: number; temp: string | null; redact: Redact }): void {
  const { error } = ending;
  const failure = error && { code: error.code, exitCode: error.exitCode, message: error.message };
  // A host names its releases: a name of several lines would be several lines of a shell that is given it.
  const set = (name: string, value: string | number) => setOutput(name, visibleLine(String(value)));
  set("result", report?.result ?? "");
  set("release", report?.release ?? "");
  set("previous-release", report?.previousRelease ?? "");
  set("revision", report?.revision ?? "");
  set("url", report?.url ?? "");
  set("findings", findings ?? "");
  set("artifact-sha256", artifactSha256 ?? "");
  set("duration", (durationMs / 1000).toFixed(1));
  const folder = mkdtempSync(join(temp ?? tmpdir(), "django-deploy-"));
  saveState("folder", folder);
  const write = (name: string, value: object) => {
    const path = join(folder, name);
    writeFileSync(path, `${jsonText(redactDeep(value, redact), 2)}\n`, { mode: 0o600 });
    return path;
  };
  set("plan", plan ? write("plan.json", plan) : "");
  set("report", write("report.json", { ...ending.line, error: failure }));
}
