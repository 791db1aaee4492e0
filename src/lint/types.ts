import type { FailLevel } from "../config/types.ts";
import type { SourceTree } from "../python/source/tree.ts";
import type { ServerKind } from "../services/types.ts";

export type { FailLevel, SourceTree };

/** `error`: the site would be broken or exposed; `warning`: Django's checklist or likely harm; `info`: advice. */
export type FindingLevel = "error" | "warning" | "info";

/**
 * `certain`: holds whatever the environment says. `depends`: holds for some values of the variables in `dependsOn`.
 * `unknown`: could not be decided without running the project; never counted as passed.
 */
export type Certainty = "certain" | "depends" | "unknown";

/** An environment variable that decides a value. */
export interface Dependency {
  name: string;
  /** What is used when it is not set, as Python text; null = it is required. */
  default: string | null;
  /** How its text is read (`bool`, `int`, `list`, `str`), null when unchanged. */
  cast: string | null;
}

export interface Finding {
  /** Django's own id where Django has the check (`security.W018`), else `djdeploy.NAME`. */
  id: string;
  level: FindingLevel;
  message: string;
  hint: string;
  /** Relative to the repository's top; line and column count from 1. */
  file: string;
  line: number;
  column: number;
  /** The setting it is about, null for findings about files or environment. */
  setting: string | null;
  certainty: Certainty;
  dependsOn: Dependency[];
  /** Only for `depends`: true when it holds while the variables are unset. */
  whenUnset?: boolean;
  /** Only for `unknown`: why it is not known. */
  reason?: string;
  /** Other ids that have the same cause and are not listed on their own. */
  also: string[];
  /** A page about it, null when there is none. */
  docs: string | null;
  /** The answer as code, in this project's own style of reading the environment; absent where there is none. */
  fix?: FindingFix;
}

export interface FindingFix {
  /** One or more lines of Python. */
  code: string;
  /** Where it belongs: the line that it takes the place of, or that it will be; never one behind the end. */
  file: string;
  line: number;
  /** It goes behind that line, the last one. */
  after?: true;
  /** Mechanical and certain: `lint --fix` makes it. */
  automatic: boolean;
}

export interface SettingValue {
  /** As JSON; for `depends` the value while the variables are unset; secrets are shown by their class only. */
  value: unknown;
  certainty: Certainty;
  file: string | null;
  line: number | null;
  /** Why it is not known. */
  reason?: string;
  /** It, or a part of it, is what lint.assume says; never certain. */
  assumed?: true;
}

/** A fact that djdeploy.yml states (lint.assume), where it was used. */
export interface Assumed {
  setting: string;
  /** As it stands there; null for what must not be shown. */
  value: unknown;
  /** The ids that could not be judged without it. */
  restsOn: string[];
}

export interface Suppressed {
  id: string;
  reason: string;
  /** `djdeploy.yml`, `SILENCED_SYSTEM_CHECKS`, or `file:line` of the comment. */
  by: string;
}

export interface LintResult {
  settingsModule: string;
  /** Sorted: errors first, certain before the rest, then by place. */
  findings: Finding[];
  /** Every upper-case name the settings module ends with, and the security settings at their defaults. */
  settings: Record<string, SettingValue>;
  suppressed: Suppressed[];
  /** The stated facts that were used; absent where none was. */
  assumed?: Assumed[];
  /** Why nothing could be judged; absent where something was. `lint` then ends with 3, a deploy goes on. */
  notJudged?: string;
  /** Findings by level, of every certainty. */
  summary: Record<FindingLevel, number>;
}

export interface LintInput {
  files: SourceTree;
  /** Dotted name, `mysite.settings.production`. */
  settingsModule: string;
  /** Folder with manage.py relative to the tree's top; default ".". Imports of the project start here. */
  root?: string;
  /** What the project pins ("5.2", "4.2.11"); null = not known: the newest long-term version is assumed. */
  djangoVersion: string | null;
  /** A PEP 440 specifier of the Python it runs on (">=3.10"); null or absent = not known. */
  pythonVersion?: string | null;
  /** Variables whose value in production is known (env.vars, --env-file, a workflow's env). */
  environment?: Record<string, string>;
  /** Those of `environment` whose value is secret: what is made of them decides findings and is not said. */
  secrets?: string[];
  /** Variables that will be set and not empty, with values we do not see (env.secrets). */
  provided?: string[];
  /** Where and how it is deployed. Absent: nothing that rests on it is judged. */
  deployment?: Deployment;
  /** ISO date, for what runs out of support; absent: not judged. */
  today?: string;
  /** id → reason, from djdeploy.yml. */
  ignore: Record<string, string>;
  /** Setting → its value as JSON, or `keeps NAME…` of a list: facts of djdeploy.yml, used where it is not known. */
  assume?: Record<string, unknown>;
}

/** What djdeploy.yml says of an environment, as far as settings have to fit it. */
export interface Deployment {
  /** Names that it must answer to. */
  domains: string[];
  tls: boolean;
  /** The address that visitors use, as djdeploy.yml says it. */
  url?: string;
  /** What runs the application behind the web server; absent: not known. */
  server?: ServerKind;
  /** `server.args`, the last word on the server's command line. */
  args?: string[];
  /** How many hosts serve it. */
  hosts?: number;
  /** What a probe asks, and which answers are good. */
  health?: { path: string; scheme: "http" | "https"; status: "auto" | number[] };
  /** Paths that outlive a release, relative to the repository's top. */
  shared?: string[];
  /** A build command makes files that git does not have. */
  built?: boolean;
  /** What a deploy does not ship of the files, by `exclude` or export-ignore; absent: all of them are shipped. */
  leavesOut?(path: string): boolean;
  /** What `build.include` ships besides, relative to the repository's top as the files are. */
  included?: string[];
}

export interface RenderOptions {
  color: boolean;
  /** Every finding in full instead of a short list of warnings. */
  all: boolean;
  failLevel: FailLevel;
  /** Source text for excerpts; without it no excerpt is shown. */
  files?: SourceTree;
}

/** What an id means, for `djdeploy explain`. */
export interface RuleDoc {
  id: string;
  level: FindingLevel;
  title: string;
  why: string;
  fix: string;
  docs: string | null;
}
