import type { Config } from "../config/types.ts";
import { lint } from "../lint/index.ts";
import type { LintResult, SourceTree } from "../lint/types.ts";
import { readFolderSource } from "../project/source.ts";

/** A judged project, with the files for excerpts. */
export interface Linted {
  result: LintResult;
  files: SourceTree;
}

/**
 * Judges the settings as they lie in the folder, committed or not. `settings` names another module than the detected
 * one; `values` are those this run was given for env.secrets.
 */
export async function lintFolder(
  config: Config,
  options: { settings: string | null; values: Record<string, string> },
): Promise<Linted> {
  const { files, settings, root, django } = await readFolderSource(config, options.settings);
  const domains = config.domains.length > 0 ? config.domains : hostOf(config.url);
  const tls = config.tls !== "none" || config.url?.startsWith("https:") === true;
  const result = lint({
    files,
    settingsModule: settings,
    root,
    djangoVersion: django,
    environment: { ...config.env.vars, ...options.values },
    provided: config.env.secrets,
    ...(domains.length > 0 ? { deployment: { domains, tls } } : {}),
    ignore: config.lint.ignore,
  });
  return { result, files };
}

function hostOf(url: string | null): string[] {
  return url === null ? [] : [new URL(url).hostname];
}
