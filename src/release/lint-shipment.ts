import { extname } from "node:path";
import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import { blocking, lint } from "../lint/index.ts";
import type { LintResult } from "../lint/types.ts";
import type { Project, Shipment } from "../project/types.ts";
import { recordTree, type SourceTree } from "../python/tree.ts";

const textual = new Set([
  ".py",
  ".txt",
  ".toml",
  ".cfg",
  ".ini",
  ".yml",
  ".yaml",
  ".json",
  ".lock",
  ".conf",
  ".service",
  ".sh",
  ".env",
  "",
]);
const largest = 1_000_000;

/** The shipped files that a lint may read, as texts. */
export async function shipmentTree(shipment: Shipment): Promise<SourceTree> {
  const files: Record<string, string> = {};
  for (const file of shipment.files) {
    if (file.type === "file" && file.size <= largest && textual.has(extname(file.path))) {
      files[file.path] = (await file.read()).toString("utf8");
    }
  }
  return recordTree(files);
}

/** Judges the production settings of a project as it will be shipped. */
export async function lintProject(config: Config, project: Project, shipment: Shipment): Promise<LintResult> {
  return lint({
    files: await shipmentTree(shipment),
    settingsModule: project.settings.value,
    root: project.root.value,
    djangoVersion: project.packages["django"] ?? null,
    environment: config.env.vars,
    provided: config.env.secrets,
    ignore: config.lint.ignore,
  });
}

/** The certain findings at or above the fail level, as the one error of a run. */
export function lintError(config: Config, result: LintResult): DeployError | null {
  const found = blocking(result, config.lint.failLevel);
  const first = found[0];
  if (!first) return null;
  const more = found.length > 1 ? ` (and ${found.length - 1} more)` : "";
  return new DeployError("lint.findings", ExitCode.lint, `${first.id}: ${first.message}${more}`, {
    at: `${first.file}:${first.line}:${first.column}`,
    expected: `no certain finding at or above ${config.lint.failLevel}`,
    seen: found.map((one) => one.id).join(", "),
    hint: first.hint,
    output: found
      .map((one) => `${one.file}:${one.line}:${one.column} ${one.level} ${one.id}: ${one.message}`)
      .join("\n"),
  });
}
