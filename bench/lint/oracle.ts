import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** One settings module of one repository on this machine. */
export interface Subject {
  /** Top of the repository. */
  folder: string;
  /** Folder with manage.py, relative to it. */
  root: string;
  module: string;
}

/** What the oracle says about a module, in one of its two modes. */
export interface Truth {
  status: string;
  raised?: string[];
  tainted?: string[];
  error?: string;
  env_reads?: Record<string, { set: boolean; default: string | null }>;
  invented_env?: string[];
  effective?: Record<string, unknown>;
}

/**
 * Runs the settings with the real Django, fenced: see oracle.py. `auto` invents what is required; `prod` sets what
 * decides a check as a careful operator would. Answers are kept in `cache`: delete it to ask again.
 */
export function askOracle(
  subject: Subject,
  mode: "auto" | "prod",
  django: string,
  lib: string,
  cache: string,
): Truth {
  const name = `${subject.folder}:${subject.module}:${django}`.replace(/[^A-Za-z0-9.]+/g, "_");
  const file = join(cache, `${name}.${mode}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Truth;
  const args = ["-n", "15", "unshare", "-rn", "python3", "bench/lint/oracle.py"];
  args.push("--root", resolve(subject.folder), "--module", subject.module, "--mode", mode, "--pep758");
  args.push("--django", resolve(django), "--lib", resolve(lib));
  if (subject.root) args.push("--path", subject.root);
  const run = spawnSync("nice", args, { encoding: "utf8", timeout: 600_000 });
  const line = run.stdout.trim().split("\n").at(-1) ?? "";
  const truth = line.startsWith("{")
    ? (JSON.parse(line) as Truth)
    : { status: "crash", error: run.stderr.slice(-300) };
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, JSON.stringify(truth));
  return truth;
}
