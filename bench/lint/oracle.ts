import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/** One settings module of one repository on this machine. */
export interface Subject {
  /** Top of the repository. */
  folder: string;
  /** Folder with manage.py, relative to it. */
  root: string;
  module: string;
}

/**
 * `auto` invents what is required and leaves the rest unset; `prod` besides sets what decides a check as a careful
 * operator would; `blank` sets the same variables to nothing.
 */
export type Mode = "auto" | "prod" | "blank";

/** What the oracle runs with. */
export interface Setup {
  /** Folder that holds `django/`. */
  django: string;
  /** Folder with the environment libraries. */
  lib: string;
  python: string;
  cache: string;
}

/** What the oracle says about a module, in one of its modes. */
export interface Truth {
  status: string;
  raised?: string[];
  tainted?: string[];
  error?: string;
  env_reads?: Record<string, { set: boolean; default: string | null }>;
  /** The variables it ran with. */
  env?: Record<string, string>;
  /** Why it fell back to `auto`: the settings do not load with the values of the mode. */
  careful_failed?: string;
  effective?: Record<string, unknown>;
}

/** Runs the settings with the real Django, fenced: see oracle.py. Answers are kept: empty the cache to ask again. */
export function askOracle(subject: Subject, mode: Mode, { django, lib, python, cache }: Setup): Truth {
  const name = `${subject.folder}:${subject.module}:${basename(django)}`.replace(/[^A-Za-z0-9.]+/g, "_");
  const file = join(cache, `${name.slice(-180)}.${mode}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Truth;
  const args = ["-n", "15", "unshare", "-rn", python, "bench/lint/oracle.py"];
  args.push("--root", resolve(subject.folder), "--module", subject.module, "--mode", mode, "--pep758");
  args.push("--django", resolve(django), "--lib", resolve(lib));
  if (subject.root) args.push("--path", subject.root);
  const run = spawnSync("nice", args, { encoding: "utf8", timeout: 600_000, maxBuffer: 1 << 26 });
  const line = run.stdout.trim().split("\n").at(-1) ?? "";
  const truth = line.startsWith("{")
    ? (JSON.parse(line) as Truth)
    : { status: "crash", error: run.stderr.slice(-300) };
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, JSON.stringify(truth));
  return truth;
}
