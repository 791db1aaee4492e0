import { type ExecFileException, execFile } from "node:child_process";
import { DeployError, ExitCode, usageError } from "../errors.ts";
import { scrubbed } from "./environment.ts";

/**
 * For a question whose patterns the repository brings (.gitignore, .gitattributes): a large project takes a second, sixty
 * times a wildcard of two stars in one line take git longer than anybody lives.
 */
export const patternsMs = 30_000;

interface Options {
  input?: string | Buffer;
  env?: Record<string, string>;
  /** Milliseconds, after which git is killed and 124 is its exit code. Without it git may take as long as it does. */
  limitMs?: number;
}

export interface GitResult {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/**
 * git's own environment: English messages, no question at a terminal, no lock taken on somebody's index. Of `GIT_*`
 * only the configuration comes along, so that a hook's GIT_DIR can not lead us to another repository.
 */
export function gitEnvironment(added: Record<string, string> = {}): Record<string, string> {
  const configuration = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      /^GIT_(CONFIG_|SSL_CAINFO$)/.test(entry[0]) && entry[1] !== undefined,
  );
  return scrubbed({
    ...Object.fromEntries(configuration),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    ...added,
  });
}

/**
 * Nothing of a repository's own makes git start programs: no hook, no watcher of its files, and no bare repository that
 * hides among the tracked files with a configuration of its own (git-config(1), safe.bareRepository).
 */
export const gitOptions = [
  ...["-c", "safe.bareRepository=explicit"],
  ...["-c", "core.fsmonitor=false"],
  ...["-c", "core.hooksPath=/dev/null"],
] as const;

/** Runs git in a folder and hands over whatever it answered; only a git that can not run at all is an error. */
export function tryGit(directory: string, args: string[], options: Options = {}): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      ["-C", directory, ...gitOptions, ...args],
      {
        encoding: "buffer",
        maxBuffer: 1 << 30,
        env: gitEnvironment(options.env),
        timeout: options.limitMs ?? 0,
        killSignal: "SIGKILL",
      },
      (error, stdout, stderr) => {
        if (error?.killed && options.limitMs) return resolve({ code: 124, stdout, stderr: "" });
        if (error && typeof error.code !== "number") return reject(cannotRun(error));
        resolve({ code: Number(error?.code ?? 0), stdout, stderr: stderr.toString("utf8").trim() });
      },
    );
    // A git that ends early closes its standard input; its exit code says why.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input ?? "");
  });
}

/** Runs git and returns its output; a failure is a DeployError that names the command and git's own words. */
export async function git(directory: string, args: string[], options: Options = {}): Promise<Buffer> {
  const result = await tryGit(directory, args, options);
  if (result.code === 0) return result.stdout;
  if (result.code === 124 && options.limitMs) throw endless(directory, args, options.limitMs);
  throw dubiousOwnership(result.stderr) ?? gitFailed(args, result);
}

/** The output of `git` as one trimmed text. */
export async function gitText(directory: string, args: string[]): Promise<string> {
  return (await git(directory, args)).toString("utf8").trim();
}

/** The fields of a `-z` output. */
export function nulSeparated(output: Buffer): string[] {
  return output.toString("utf8").split("\0").slice(0, -1);
}

/** git refuses a repository that belongs to another user; in containers that is the usual case. */
export function dubiousOwnership(stderr: string): DeployError | null {
  if (!stderr.includes("dubious ownership")) return null;
  const folder = /repository at '([^']+)'/.exec(stderr)?.[1] ?? "PATH";
  return usageError("project.git-ownership", `git refuses ${folder}, because another user owns it`, {
    hint: `git config --global --add safe.directory ${folder}`,
  });
}

function endless(directory: string, args: string[], limitMs: number): DeployError {
  return usageError("project.git-slow", `git ${args[0]} did not end within ${limitMs / 1000} s`, {
    seen: directory,
    hint: "look for a pattern with many ** or * in .gitattributes and .gitignore",
  });
}

function gitFailed(args: string[], result: GitResult): DeployError {
  return new DeployError(
    "project.git",
    ExitCode.failed,
    `git ${args[0]} failed with exit code ${result.code}`,
    {
      output: result.stderr,
    },
  );
}

function cannotRun(error: ExecFileException): DeployError {
  if (error.code === "ENOENT")
    return usageError("project.no-git", "git was not found; the files to deploy are read from it", {
      hint: "install git (Debian, Ubuntu: apt-get install git) and see that it is on PATH",
    });
  return new DeployError("project.git", ExitCode.failed, `git could not be run: ${error.message}`, {
    cause: error,
  });
}
