import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { Inspection } from "../host/types.ts";
import { causeHint } from "./causes/index.ts";
import { projectLines } from "./python-log.ts";

export interface LiveFinding {
  id: string;
  level: "error" | "warning" | "info";
  message: string;
  hint: string | null;
  source: "live";
}

/** Django warns about these; for a site in production they are errors (DEBUG on, a weak key, no allowed host). */
const raised = new Set(["security.W009", "security.W018", "security.W020"]);
const order = { info: 1, warning: 2, error: 3 };

/** What the release's own Django said, as findings; an error when the release must not go on. */
export function judgeInspection(
  config: Config,
  host: string,
  inspection: Inspection,
  output: string,
): { findings: LiveFinding[]; error: DeployError | null } {
  const failure = inspection.failure;
  if (failure) return { findings: [], error: failed(host, failure, output) };
  const misplaced = wrongPlace(config, host, inspection.settings);
  if (misplaced) return { findings: [], error: misplaced };
  const conflicts = Object.entries(inspection.migrations?.conflicts ?? {});
  if (conflicts.length > 0) return { findings: [], error: conflicting(host, conflicts) };
  const findings = (inspection.checks ?? [])
    .map(finding)
    .filter((one) => !(one.id in config.lint.ignore))
    .sort((a, b) => order[b.level] - order[a.level]);
  const limit = config.lint.failLevel;
  if (limit === "never") return { findings, error: null };
  const blocking = findings.filter((one) => order[one.level] >= order[limit]);
  const first = blocking[0];
  if (!first) return { findings, error: null };
  const ids = blocking.map((one) => one.id).join(", ");
  const error = new DeployError(
    "check.findings",
    ExitCode.lint,
    `the release's own deployment check found ${blocking.length === 1 ? "a problem" : `${blocking.length} problems`}: ${ids}`,
    {
      host,
      expected: `no finding at or above ${limit}`,
      seen: firstSentence(first.message),
      hint: first.hint ?? "djdeploy explain ID tells more; lint.ignore with a reason accepts a finding",
    },
  );
  return { findings, error };
}

/** Settings by which the site would answer, and what visitors do would come to nothing. */
function wrongPlace(config: Config, host: string, settings: Inspection["settings"]): DeployError | null {
  if (settings?.mediaIsCode)
    return new DeployError(
      "check.media-root",
      ExitCode.lint,
      "MEDIA_ROOT is a folder of the code: what visitors upload would lie among it, and stay behind with each release",
      {
        host,
        expected: "a folder of its own, which outlives the release",
        seen: `MEDIA_ROOT = ${settings.mediaRoot}`,
        hint: 'MEDIA_ROOT = BASE_DIR / "media"',
      },
    );
  if (settings?.scriptName && settings.scriptName !== "/" && config.nginx !== "none")
    return new DeployError(
      "check.script-name",
      ExitCode.lint,
      "FORCE_SCRIPT_NAME puts a path before every link, and the site that setup writes serves none below it",
      {
        host,
        expected: "no FORCE_SCRIPT_NAME: url has no path",
        seen: `FORCE_SCRIPT_NAME = ${settings.scriptName}`,
        hint: "leave FORCE_SCRIPT_NAME out, or serve the site by a web server of your own (nginx: none)",
      },
    );
  return null;
}

/** Django's texts go on for a paragraph. */
function firstSentence(text: string): string {
  return /^.*?[.!](?=\s|$)/s.exec(text)?.[0] ?? text;
}

function finding(check: NonNullable<Inspection["checks"]>[number]): LiveFinding {
  const level = check.level >= 40 || raised.has(check.id) ? "error" : check.level >= 30 ? "warning" : "info";
  return { id: check.id, level, message: check.message, hint: check.hint, source: "live" };
}

function failed(host: string, failure: NonNullable<Inspection["failure"]>, output: string): DeployError {
  const last = failure.message.split("\n").at(-1) ?? "";
  const hint = causeHint(failure.message, output);
  const details = {
    host,
    output: projectLines(output),
    ...(failure.where ? { at: failure.where } : {}),
    ...(hint ? { hint } : {}),
  };
  switch (failure.stage) {
    case "settings":
      return new DeployError(
        "check.settings",
        ExitCode.lint,
        `the production settings do not load on ${host}: ${last}`,
        details,
      );
    case "database":
      return new DeployError(
        "check.database",
        ExitCode.failed,
        isOfDatabase(failure.type)
          ? `the database cannot be asked from ${host}`
          : `what is to be migrated on ${host} cannot be told: ${last}`,
        { ...details, seen: failure.message },
      );
    default:
      return new DeployError(
        "check.apps",
        ExitCode.lint,
        `the release does not import on ${host}: ${last}`,
        details,
      );
  }
}

/** What a connection raises; anything else comes from the project's migrations and routers. */
function isOfDatabase(type: string): boolean {
  return /(?:Operational|Programming|Database|Interface|Internal|Integrity|Data|NotSupported|OS|Timeout|Connection\w*|Lookup)Error$|^ImproperlyConfigured$/.test(
    type,
  );
}

function conflicting(host: string, conflicts: [string, string[]][]): DeployError {
  return new DeployError("migrations.conflict", ExitCode.failed, "the migrations have more than one leaf", {
    host,
    seen: conflicts.map(([app, names]) => `${app}: ${names.join(", ")}`).join("; "),
    hint: "python manage.py makemigrations --merge, and commit the result",
  });
}
