import type { HostPlan } from "../../plan/types.ts";
import { doorText } from "../../services/door.ts";
import { commands, listenOn, servers, stopLimit } from "../../services/servers/index.ts";
import type { ServerKind } from "../../services/types.ts";
import type { ChainedStep } from "../chain.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { askHostStep, type HostStep } from "../steps.ts";
import type { ReleaseRun } from "./run.ts";

export function buildVenv(run: ReleaseRun, host: HostRun<HostPlan>, recorder: Recorder): ChainedStep {
  const { venv } = host.plan;
  if (venv.ready) {
    return () => () =>
      recorder.step("venv", host.name, async (voice) => voice.unchanged(`${venv.key}, no index was asked`));
  }
  return (to) => {
    const built = askHostStep(to, venvStep(run, host));
    return () =>
      recorder.step("venv", host.name, async (voice) => {
        if (venv.extra) {
          voice.note(
            `the requirements name no ${run.project.server.value}: ${venv.extra} is installed besides; add it to keep the choice yours`,
            "warning",
          );
        }
        await built(voice);
        voice.summary(`${venv.key}, built with ${venv.installer}`);
      });
  };
}

function venvStep({ run, release, config, installValues }: ReleaseRun, host: HostRun<HostPlan>): HostStep {
  const { plan, facts, name } = host;
  const { venv } = plan;
  return {
    run,
    name: "venv",
    script: "venv.sh",
    givesWay: true,
    args: venv.args,
    cwd: `${config.release.path}/releases/${release}`,
    env: {
      ...installValues,
      DJD_VENV: `${config.release.path}/venvs/${venv.key}`,
      DJD_PYTHON: venv.python,
      DJD_INSTALLER: venv.installer,
      DJD_UV: facts.owner?.uv ?? "",
      DJD_MODE: venv.mode,
      DJD_HASHES: venv.hashed ? "yes" : "no",
      DJD_EXTRA: venv.extra ?? "",
      DJD_READY: JSON.stringify({ key: venv.key, installer: venv.installer, interpreter: venv.python }),
    },
    failure: {
      code: "venv.install",
      message: `installing the requirements on ${name} failed`,
      hint: installHint,
    },
  };
}

/** What a virtual environment says of itself when it is ready. */
export type VenvMark = HostRun["facts"]["venvs"][string];

/** What is installed: known of an environment that was there before, asked of one that was just built. */
export async function installed({ plan, facts, session }: HostRun<HostPlan>): Promise<VenvMark> {
  const { key, ready } = plan.venv;
  const known = ready ? facts.venvs[key] : undefined;
  return known ?? session.request("packages", { venv: key });
}

/** Writes down how the release is served by what is installed. */
export function chooseServer(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  mark: VenvMark,
  recorder: Recorder,
): ChainedStep {
  const { config, project, release } = run;
  const { door, workers, workersReason } = host.plan;
  const packages = mark.packages ?? {};
  const kind = project.server.value;
  return (to) => {
    const serve = commands(kind, {
      interface: project.interface,
      workers,
      application: "djd_app:application",
      args: config.server.args,
      stopTimeoutMs: config.server.stopTimeoutMs,
      packages,
    });
    const listen = listenOn(door);
    const limit = stopLimit(kind, serve[listen.on]);
    const { finishes } = servers[kind];
    const spec = { serve, listen, finishes, ...(limit === null ? {} : { stopLimit: limit }) };
    const written = [
      to.request("launch", { release, spec }),
      to.request("update", {
        release,
        changes: {
          ...{ packages, python: mark.python ?? "", django: packages["django"] ?? "" },
          door: doorText(door),
          server: kind,
        },
      }),
    ];
    return () =>
      recorder.step("server", host.name, async (voice) => {
        await Promise.all(written);
        voice.summary(`${kind} ${versionOf(kind, packages) ?? "?"}, ${workers} workers (${workersReason})`);
      });
  };
}

function versionOf(kind: ServerKind, packages: Record<string, string>): string | undefined {
  return servers[kind].packages.map((name) => packages[name]).find((version) => version !== undefined);
}

/** What to do where pip or uv failed, from what it printed. */
export function installHint(output: string): string | undefined {
  if (/No space left on device/.test(output)) return "free some space, or keep fewer releases (release.keep)";
  if (/pg_config|libpq/.test(output))
    return "psycopg is built from source: add libpq-dev to packages and run setup, or use psycopg[binary]";
  if (/mysql_config|pkg-config.*mysqlclient/s.test(output))
    return "add default-libmysqlclient-dev, pkg-config and build-essential to packages and run setup";
  if (/gcc.*(not found|No such file)|command 'gcc' failed|x86_64-linux-gnu-gcc/.test(output))
    return "a package is built from source: add build-essential and python3-dev to packages and run setup";
  // What git says of its own server looks like an index that is not reached.
  const cloned = /git (?:clone|fetch)\b.*?'?((?:ssh|https?|git|file):\/\/[^\s']+)/.exec(output)?.[1];
  if (cloned && /did not run successfully|exit (?:code|status): 128|failed to (?:clone|fetch)/.test(output))
    return `the host could not fetch ${cloned} (what git said is above): it has no key or password for it, or no way there; let a package index of your own have it, or a public address`;
  if (
    /Temporary failure in name resolution|Connection refused|Network is unreachable|Failed to establish a new connection|dns error/.test(
      output,
    )
  )
    return "the host can not reach the package index; an unchanged lock file would not have needed it";
  if (/\(from versions: none\)/.test(output))
    return "check the name and version, that it supports the host's Python, and that the host reaches the index: it offers none";
  if (/No matching distribution found|no version of/.test(output))
    return "check the name and version, and that it supports the host's Python";
  if (/hashes|THESE PACKAGES DO NOT MATCH/.test(output))
    return "the lock file's hashes do not fit what the index offers: lock again";
  return undefined;
}
