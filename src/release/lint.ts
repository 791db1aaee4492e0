import { existsSync } from "node:fs";
import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import { blocking } from "../lint/blocking.ts";
import { loadLint } from "../lint/load.ts";
import type { Deployment, LintInput, LintResult, SourceTree } from "../lint/types.ts";
import { WAY_OUT } from "../lint/way-out.ts";
import { probeScheme } from "../plan/request.ts";
import { djangoVersion } from "../project/detect/django-version.ts";
import { readFolderSource } from "../project/source.ts";
import type { Project, Shipment } from "../project/types.ts";
import type { ServerKind } from "../services/types.ts";
import { shipmentTree } from "./shipment-tree.ts";
import { workflowValues } from "./workflow-values.ts";

/** A judged project, with the files for excerpts. */
export interface Linted {
  result: LintResult;
  files: SourceTree;
}

/** What is judged in a folder, and where that is. */
export interface Subject {
  input: LintInput;
  /** Absolute path of the folder that paths of files are relative to. */
  top: string;
}

/** Which settings of which files are judged, and what serves them. */
interface Judged {
  files: SourceTree;
  settings: string;
  root: string;
  django: string | null;
  python: string | null;
  server: ServerKind;
  leavesOut?(path: string): boolean;
}

/**
 * Judges the settings as they lie in the folder, committed or not. `settings` names another module than the detected
 * one; `values` are those this run was given for env.secrets.
 */
export async function lintFolder(config: Config, options: FolderOptions): Promise<Linted> {
  const { input } = await folderSubject(config, options);
  const { lint } = await loadLint();
  return { result: lint(input), files: input.files };
}

interface FolderOptions {
  settings: string | null;
  values: Record<string, string>;
}

/** What `lintFolder` judges. */
export async function folderSubject(config: Config, { settings, values }: FolderOptions): Promise<Subject> {
  const source = await readFolderSource(config, settings);
  return { input: inputOf(config, source, values), top: source.top };
}

/** Judges the production settings of a revision as it will be shipped. */
export async function lintShipment(
  config: Config,
  project: Project,
  shipment: Shipment,
  values: Record<string, string>,
): Promise<LintResult> {
  const django = project.packages["django"] ?? null;
  const { lint } = await loadLint();
  const files = await shipmentTree(shipment);
  return lint(
    inputOf(
      config,
      {
        files,
        settings: project.settings.value,
        root: project.root.value,
        django,
        python: project.python.value,
        server: project.server.value,
      },
      values,
    ),
  );
}

/** Do visitors come by HTTPS? */
export function hasTls(config: Config): boolean {
  return config.tls !== "none" || config.url?.startsWith("https:") === true;
}

function inputOf(config: Config, source: Judged, values: Record<string, string>): LintInput {
  return {
    files: source.files,
    settingsModule: source.settings,
    root: source.root,
    djangoVersion: djangoVersion(source.files, {
      root: source.root,
      pinned: source.django,
      settings: source.settings,
    }),
    pythonVersion: source.python,
    environment: {
      ...config.env.vars,
      ...workflowValues(source.files, config.env.secrets),
      ...values,
    },
    secrets: Object.keys(values),
    provided: config.env.secrets,
    // Without djdeploy.yml nothing is known of where it will run.
    ...(existsSync(config.file) ? { deployment: deploymentOf(config, source) } : {}),
    today: new Date().toISOString().slice(0, 10),
    ignore: config.lint.ignore,
    assume: config.lint.assume,
  };
}

function deploymentOf(config: Config, { server, leavesOut }: Judged): Deployment {
  return {
    domains: [...new Set([...config.domains, ...hostOf(config.url)])],
    tls: hasTls(config),
    ...(config.url === null ? {} : { url: config.url }),
    server,
    args: config.server.args,
    hosts: config.hosts.length,
    health: { path: config.health.path, scheme: probeScheme(config), status: config.health.status },
    shared: config.shared.map((one) => one.path),
    included: config.build.include,
    ...(leavesOut === undefined ? {} : { leavesOut }),
    built: config.build.command !== null || config.build.artifact !== null,
  };
}

function hostOf(url: string | null): string[] {
  return url === null ? [] : [new URL(url).hostname];
}

/** The one error of a lint: what stops a release, or that nothing could be judged. */
export function verdictError(config: Config, result: LintResult): DeployError | null {
  const found = lintError(config, result);
  if (found || result.notJudged === undefined || config.lint.failLevel === "never") return found;
  return new DeployError(
    "lint.not-judged",
    ExitCode.lint,
    `${result.settingsModule} was not judged: ${result.notJudged}`,
    { hint: WAY_OUT },
  );
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
