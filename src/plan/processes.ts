import type { Config, HostConfig, ProcessConfig } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { HostFacts, ProcessFacts } from "../host/types.ts";

/** What besides the web server runs on one host, and what of an earlier configuration is to end there. */
export interface ProcessesPlan {
  run: ({ name: string } & ProcessConfig)[];
  /** Processes that setup wired and that are not to run here: another role, another host's singleton, gone. */
  halt: string[];
}

/** Throws (exit 1) when setup did not wire a process of the configuration yet. Pure. */
export function planProcesses(config: Config, host: string, facts: HostFacts): ProcessesPlan {
  const run = processesOn(config, host);
  const wired = facts.owner?.processes ?? {};
  const missing = run.filter(({ name }) => !Object.hasOwn(wired, name)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new DeployError(
      "process.not-set-up",
      ExitCode.failed,
      `${host} was not set up for ${missing.length === 1 ? "the process" : "the processes"} ${missing.join(", ")}`,
      { host, hint: `djdeploy setup ${config.environment} --user root` },
    );
  }
  const names = new Set(run.map(({ name }) => name));
  const halt = Object.entries(facts.processes ?? {})
    .filter(([name, seen]) => !names.has(name) && (seen.release !== null || seen.pid > 0))
    .map(([name]) => name);
  return { run, halt };
}

/** The processes of the configuration that belong on a host. */
export function processesOn(config: Config, host: string): ({ name: string } & ProcessConfig)[] {
  return Object.entries(config.processes)
    .filter(([, process]) => placesFor(config, process).some((place) => place.name === host))
    .map(([name, process]) => ({ name, ...process }));
}

function placesFor(config: Config, process: ProcessConfig): HostConfig[] {
  const fitting = config.hosts.filter((host) => host.roles.some((role) => process.roles.includes(role)));
  return process.singleton ? fitting.slice(0, 1) : fitting;
}

/** Sentences about processes of a host that do not run what is live; none when all is well. */
export function processProblems(config: Config, host: string, facts: HostFacts, live: string): string[] {
  const here = processesOn(config, host);
  const wanted = here.filter(({ name }) => facts.processes?.[name]?.wanted ?? true);
  const names = new Set(wanted.map(({ name }) => name));
  const wrong = wanted.flatMap(({ name }) => problemOf(name, facts.processes?.[name], live) ?? []);
  const extra = Object.entries(facts.processes ?? {})
    .filter(([name, seen]) => !names.has(name) && seen.pid > 0)
    .map(([name]) => `${name} runs and does not belong here`);
  return [...wrong, ...extra];
}

function problemOf(name: string, seen: ProcessFacts | undefined, live: string): string | null {
  if (!seen) return `${name} is not set up`;
  if (!seen.up) return `${name} does not run (${seen.text})`;
  if (seen.runs !== live) return `${name} (process ${seen.pid}) runs ${seen.runs ?? "something else"}`;
  return null;
}
