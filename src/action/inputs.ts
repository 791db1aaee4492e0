import { didYouMean } from "../config/nearest.ts";
import { usageError } from "../errors.ts";
import { quoted } from "../report/visible.ts";
import { parseSecrets } from "./secrets.ts";

/** The inputs of action.yml, checked. */
export interface Inputs {
  command: Verb;
  environment: string;
  config: string;
  sshPrivateKey: string | null;
  sshPassphrase: string | null;
  knownHosts: string | null;
  release: string | null;
  revision: string | null;
  migrations: (typeof migrationPolicies)[number];
  secrets: Record<string, string>;
  failLevel: (typeof failLevels)[number] | null;
  tests: (typeof testModes)[number];
  force: string | null;
  /** For deploy and plan: the SHA-256 of build.artifact, from the job that built it. */
  artifactSha256: string | null;
  /** For plan: keep one comment on the pull request up to date. */
  commentOnPr: boolean;
  /** For lint, plan and deploy: where to write the findings for code scanning. */
  sarifFile: string | null;
}

export const verbs = ["deploy", "rollback", "plan", "lint", "test", "build", "doctor"] as const;
export type Verb = (typeof verbs)[number];
const migrationPolicies = ["auto", "keep", "reverse", "refuse"] as const;
const failLevels = ["error", "warning", "info", "never"] as const;
const testModes = ["run", "skip", "checked"] as const;

export const inputNames = [
  "command",
  "environment",
  "config",
  "ssh-private-key",
  "ssh-passphrase",
  "known-hosts",
  "release",
  "revision",
  "migrations",
  "secrets",
  "fail-level",
  "tests",
  "force",
  "github-token",
  "comment-on-pr",
  "sarif-file",
  "artifact-sha256",
] as const;

/**
 * Reads the inputs as the runner hands them over: `INPUT_` and the name in capitals, blanks as underscores. Throws a
 * usage error for a name or a value that is not known; a misspelt `environment` must not deploy to production.
 */
export function readInputs(env: Record<string, string | undefined>): Inputs {
  refuseUnknown(env);
  const get = (name: (typeof inputNames)[number]) => env[variable(name)]?.trim() || null;
  const command = choice("command", get("command") ?? "deploy", verbs);
  if (get("sarif-file") !== null && !["lint", "plan", "deploy"].includes(command)) {
    throw usageError(
      "input.out-of-place",
      `the input sarif-file belongs to lint, plan and deploy, not to ${command}`,
    );
  }
  if (get("artifact-sha256") !== null && command !== "deploy" && command !== "plan") {
    throw usageError(
      "input.out-of-place",
      `the input artifact-sha256 belongs to deploy and plan, not to ${command}`,
    );
  }
  for (const name of ["release", "migrations"] as const) {
    if (get(name) !== null && command !== "rollback") {
      throw usageError(
        "input.out-of-place",
        `the input ${name} belongs to command: rollback, not to ${command}`,
      );
    }
  }
  const failLevel = get("fail-level");
  return {
    command,
    environment: get("environment") ?? "production",
    config: get("config") ?? "djdeploy.yml",
    sshPrivateKey: get("ssh-private-key"),
    sshPassphrase: env[variable("ssh-passphrase")] || null,
    knownHosts: get("known-hosts"),
    release: get("release"),
    revision: get("revision"),
    migrations: choice("migrations", get("migrations") ?? "auto", migrationPolicies),
    secrets: parseSecrets(env[variable("secrets")] ?? ""),
    failLevel: failLevel === null ? null : choice("fail-level", failLevel, failLevels),
    tests: choice("tests", get("tests") ?? "run", testModes),
    force: get("force"),
    sarifFile: get("sarif-file"),
    artifactSha256: get("artifact-sha256"),
    commentOnPr: choice("comment-on-pr", get("comment-on-pr") ?? "false", ["true", "false"]) === "true",
  };
}

function variable(name: string): string {
  return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}

function choice<T extends string>(name: string, value: string, known: readonly T[]): T {
  if ((known as readonly string[]).includes(value)) return value as T;
  throw usageError(
    "input.value",
    `the input ${name} takes ${known.join(", ")}, not ${quoted(value)}${didYouMean(value, known)}`,
  );
}

function refuseUnknown(env: Record<string, string | undefined>): void {
  const known: readonly string[] = inputNames;
  for (const key of Object.keys(env)) {
    if (!key.startsWith("INPUT_")) continue;
    const name = key.slice("INPUT_".length).toLowerCase();
    if (known.includes(name)) continue;
    throw usageError("input.unknown", `there is no input ${quoted(name)}${didYouMean(name, known)}`);
  }
}
