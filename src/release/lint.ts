import type { Config, FailLevel } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import { blocking, lint } from "../lint/index.ts";
import type { Finding, LintResult, SourceTree } from "../lint/types.ts";
import { readFolderSource, readRevisionSource, type Source } from "../project/source.ts";
import type { Project } from "../project/types.ts";
import type { Emit } from "../report/event.ts";

/** A judged project: what was found, what of it blocks, and the files for excerpts. */
export interface Linted {
  result: LintResult;
  blocking: Finding[];
  files: SourceTree;
}

export interface LintOptions {
  failLevel: FailLevel;
  /** Values this run was given for env.secrets. */
  values?: Record<string, string>;
}

/** Judges the settings as they lie in the folder; `settings` names another module than the detected one. */
export async function lintFolder(
  config: Config,
  options: LintOptions & { settings: string | null },
): Promise<Linted> {
  return judge(config, await readFolderSource(config, options.settings), options);
}

/** Judges the settings of the revision that is deployed. */
export async function lintRevision(config: Config, project: Project, options: LintOptions): Promise<Linted> {
  return judge(config, await readRevisionSource(project), options);
}

function judge(config: Config, source: Source, { failLevel, values = {} }: LintOptions): Linted {
  const domains = config.domains.length > 0 ? config.domains : hostOf(config.url);
  const result = lint({
    files: source.files,
    settingsModule: source.settings,
    root: source.root,
    djangoVersion: source.django,
    environment: { ...config.env.vars, ...values },
    provided: config.env.secrets,
    ...(domains.length > 0
      ? { deployment: { domains, tls: config.tls !== "none" || config.url?.startsWith("https:") === true } }
      : {}),
    ignore: config.lint.ignore,
  });
  return { result, blocking: blocking(result, failLevel), files: source.files };
}

/** Tells of every finding as an event; `data.blocking` marks those that stop a release. */
export function emitFindings({ result, blocking }: Linted, emit: Emit): void {
  for (const finding of result.findings) {
    const { level, file, line, column, message, id } = finding;
    emit({
      code: "finding",
      level,
      step: "lint",
      message: `${file}:${line}:${column}: ${message} (${id})`,
      data: { ...finding, blocking: blocking.includes(finding) },
    });
  }
}

/** The error of findings that block (exit code 3); null when nothing does. */
export function lintError({ blocking }: Linted, failLevel: FailLevel): DeployError | null {
  const [first] = blocking;
  if (!first) return null;
  const more = blocking.length > 1 ? `, and ${blocking.length - 1} more` : "";
  const at = `${first.file}:${first.line}:${first.column}`;
  return new DeployError("lint.findings", ExitCode.lint, `${at}: ${first.message} (${first.id})${more}`, {
    step: "lint",
    at,
    expected: `no certain finding at or above ${failLevel}`,
    hint: `${first.hint}${first.hint.endsWith(".") ? "" : "."} djdeploy explain ${first.id} tells more`,
  });
}

function hostOf(url: string | null): string[] {
  return url === null ? [] : [new URL(url).hostname];
}
