import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { Inspection, Manifest } from "../host/types.ts";
import { type UploadFile, upload } from "../host/upload.ts";
import { requireSameDatabases } from "../plan/guards.ts";
import { probeHost, requireAllowed } from "../plan/request.ts";
import type { HostPlan } from "../plan/types.ts";
import type { Project } from "../project/types.ts";
import { gunicornCommand } from "../services/gunicorn.ts";
import type { HostRun } from "./hosts.ts";
import { judgeInspection } from "./live-check.ts";
import type { Recorder } from "./recorder.ts";
import { bootSlot } from "./slots.ts";
import { runHostStep } from "./steps.ts";

/** What a run carries from step to step; the same for every host. */
export interface ReleaseRun {
  run: string;
  release: string;
  config: Config;
  project: Project;
  files: UploadFile[];
  filesDigest: string;
  configuration: string;
  manifest: Omit<Manifest, "state">;
  /** Values this run was given. */
  values: Record<string, string>;
  /** Values of `python.env`, for install steps only. */
  installValues: Record<string, string>;
  force: string | null;
  /** Findings that the lint has reported already. */
  reported: Set<string>;
}

const sizes = (bytes: number) =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

export async function sendFiles(run: ReleaseRun, host: HostRun<HostPlan>, recorder: Recorder): Promise<void> {
  await recorder.step("upload", host.name, async (voice) => {
    const base =
      host.plan.previous && host.facts.base
        ? { release: host.plan.previous.release, list: host.facts.base }
        : null;
    host.prepared = true;
    const manifest = { ...run.manifest, state: "building", venv: host.plan.venv.key };
    const sent = await upload(host.session, run.release, run.files, base, manifest, recorder.emit);
    voice.summary(`${sent.files} of ${run.files.length} files, ${sizes(sent.bytes)}`);
    if (run.config.shared.length > 0) {
      const shared = await host.session.request<{ notes: string[] }>("share", {
        release: run.release,
        shared: run.config.shared,
      });
      for (const note of shared.notes) voice.note(note);
    }
  });
}

/** Writes this release's environment version. A secret that nobody gave: exit 2 with the command that stores it. */
export async function writeEnvironment(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  recorder: Recorder,
): Promise<void> {
  await recorder.step("environment", host.name, async (voice) => {
    const { config } = run;
    const answer = await host.session.request<{ missing: string[]; fingerprint: string; names: string[] }>(
      "env",
      {
        version: run.release,
        required: config.env.secrets,
        vars: config.env.vars,
        given: run.values,
        write: true,
      },
    );
    requireSecrets(config, host.name, answer.missing);
    run.manifest.values = answer.fingerprint;
    await host.session.request("update", { release: run.release, changes: { values: answer.fingerprint } });
    await host.session.request("launch", {
      release: run.release,
      spec: {
        root: run.project.root.value,
        settings: run.project.settings.value,
        application: run.project.application.value,
        interface: run.project.interface,
        venv: host.plan.venv.key,
        env: run.release,
        server: [],
      },
    });
    voice.summary(`${answer.names.length} variables`);
  });
}

export function requireSecrets(config: Config, host: string, missing: string[]): void {
  if (missing.length === 0) return;
  const what =
    missing.length === 1 ? `the secret ${missing[0]} has` : `the secrets ${missing.join(", ")} have`;
  const commands = missing.map((name) => `djdeploy env ${config.environment} set ${name}`);
  throw new DeployError(
    "env.secret-missing",
    ExitCode.usage,
    `${what} no value on ${host} and none was given`,
    {
      host,
      expected: `a value for ${missing.join(", ")} (env.secrets in djdeploy.yml)`,
      seen: "nothing, or an empty value",
      hint: `store ${missing.length === 1 ? "it" : "them"} on the host, or give with --env-file or in the step's env:\n${commands.join("\n")}`,
    },
  );
}

export async function buildVenv(run: ReleaseRun, host: HostRun<HostPlan>, recorder: Recorder): Promise<void> {
  await recorder.step("venv", host.name, async (voice) => {
    const { venv, facts } = host.plan;
    const { config } = run;
    if (venv.ready) {
      voice.unchanged(`${venv.key}, no index was asked`);
      return;
    }
    if (venv.extra) {
      voice.note(
        `the requirements name no ${run.project.server.value}: ${venv.extra} is installed besides; add it to keep the choice yours`,
        "warning",
      );
    }
    const folder = `${config.release.path}/venvs/${venv.key}`;
    await runHostStep(
      host.session,
      {
        run: run.run,
        name: "venv",
        script: "venv.sh",
        args: venv.args,
        cwd: `${config.release.path}/releases/${run.release}`,
        env: {
          ...run.installValues,
          DJD_VENV: folder,
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
          message: `installing the requirements on ${host.name} failed`,
          hint: installHint,
        },
      },
      voice,
    );
    voice.summary(`${venv.key}, built with ${venv.installer}`);
  });
  await recorder.step("server", host.name, async (voice) => {
    const { config } = run;
    const mark = await host.session.request<HostRun["facts"]["venvs"][string]>("packages", {
      venv: host.plan.venv.key,
    });
    const packages = mark.packages ?? {};
    const server = gunicornCommand({
      interface: run.project.interface,
      workers: host.plan.workers,
      socket: "{socket}",
      application: "djd_app:application",
      args: config.server.args,
      stopTimeoutMs: config.server.stopTimeoutMs,
      packages,
    });
    await host.session.request("launch", { release: run.release, spec: { server } });
    await host.session.request("update", {
      release: run.release,
      changes: { packages, python: mark.python ?? "", django: packages["django"] ?? "" },
    });
    voice.summary(
      `gunicorn ${packages["gunicorn"] ?? "?"}, ${host.plan.workers} workers (${host.plan.workersReason})`,
    );
  });
}

function installHint(output: string): string | undefined {
  if (/pg_config|libpq/.test(output))
    return "psycopg is built from source: add libpq-dev to packages and run setup, or use psycopg[binary]";
  if (/mysql_config|pkg-config.*mysqlclient/s.test(output))
    return "add default-libmysqlclient-dev, pkg-config and build-essential to packages and run setup";
  if (/gcc.*(not found|No such file)|command 'gcc' failed|x86_64-linux-gnu-gcc/.test(output))
    return "a package is built from source: add build-essential and python3-dev to packages and run setup";
  if (
    /Temporary failure in name resolution|Connection refused|Network is unreachable|Failed to establish a new connection|dns error/.test(
      output,
    )
  )
    return "the host can not reach the package index; an unchanged lock file would not have needed it";
  if (/No matching distribution found|no version of/.test(output))
    return "check the name and version, and that it supports the host's Python";
  if (/hashes|THESE PACKAGES DO NOT MATCH/.test(output))
    return "the lock file's hashes do not fit what the index offers: lock again";
  return undefined;
}

/** The release's own Django in its real environment: settings, checks, database. Blocks at the fail level. */
export async function inspect(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  recorder: Recorder,
): Promise<Inspection> {
  return recorder.step("check", host.name, async (voice) => {
    const { config } = run;
    const folder = `${config.release.path}/releases/${run.release}`;
    const answer = `${config.release.path}/.djdeploy/runs/${run.run}/inspect.json`;
    const output = await runHostStep(
      host.session,
      {
        run: run.run,
        name: "check",
        script: "inspect.sh",
        env: { DJD_RELEASE: folder, DJD_ANSWER: answer },
        timeout: 300,
        failure: { code: "check.failed", message: `the release's own check on ${host.name} did not run` },
      },
      voice,
    );
    const inspection = await host.session.request<Inspection>("answer", {
      run: run.run,
      file: "inspect.json",
    });
    for (const note of inspection.notes) voice.note(note);
    const verdict = judgeInspection(config, host.name, inspection, output);
    const fresh = verdict.findings.filter((one) => one.level === "error" || !run.reported.has(one.id));
    for (const finding of fresh) {
      recorder.emit({
        code: "finding",
        level: finding.level,
        message: `${finding.id}: ${finding.message}`,
        host: host.name,
        step: "check",
        data: { ...finding },
      });
    }
    if (verdict.error) throw verdict.error;
    const settings = inspection.settings;
    if (!settings || !inspection.migrations) throw new Error("the inspection is incomplete");
    const live = host.facts.releases.find((release) => release.live);
    const changed = requireSameDatabases(
      host.name,
      live,
      settings.databases,
      `${config.release.path}/releases`,
      run.force,
    );
    for (const change of changed)
      voice.note(`another database than the live release, forced: ${change}`, "warning");
    const healthHost = probeHost(config, settings.allowedHosts);
    requireAllowed(settings.allowedHosts, healthHost);
    await host.session.request("update", {
      release: run.release,
      changes: { databases: settings.databases, migrationHeads: inspection.migrations.heads, healthHost },
    });
    const pending = inspection.migrations.pending.length;
    voice.summary(
      `Django ${inspection.django}, ${verdict.findings.length} findings, ${pending === 0 ? "no migration" : `${pending} migrations`} pending`,
    );
    return inspection;
  });
}

/** collectstatic, unmodified, into the release's own fresh STATIC_ROOT; then hashed files are shared. */
export async function collectStatic(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  inspection: Inspection,
  recorder: Recorder,
): Promise<void> {
  await recorder.step("collectstatic", host.name, async (voice) => {
    const { config } = run;
    if (!config.static.collect) return voice.unchanged("static.collect is false");
    if (!inspection.settings?.staticfiles)
      return voice.unchanged("django.contrib.staticfiles is not installed");
    const root = inspection.static;
    if (!root) throw new Error("the inspection named no STATIC_ROOT");
    if (root.overridden) {
      voice.note(
        root.was
          ? `STATIC_ROOT is ${root.was}, outside the release: this release collects into a folder of its own instead`
          : "STATIC_ROOT is not set: this release collects into a folder of its own",
      );
    }
    const { release } = run;
    await host.session.request("launch", {
      release,
      spec: { staticRoot: root.overridden ? root.path : null },
    });
    const output = await runHostStep(
      host.session,
      {
        run: run.run,
        name: "collectstatic",
        script: "collectstatic.sh",
        env: { DJD_RELEASE: `${config.release.path}/releases/${release}` },
        failure: {
          code: "collectstatic.failed",
          message: `collectstatic on ${host.name} failed`,
          hint: (text) =>
            /could not be found with|Missing staticfiles manifest/.test(text)
              ? "a stylesheet or template names a file that does not exist"
              : undefined,
        },
      },
      voice,
    );
    await host.session.request("static.link", { release, path: root.path });
    const shared = await host.session.request<{ shared: number; kept: number; files: number }>(
      "static.share",
      {
        release,
        keep: config.release.keep,
      },
    );
    const count = /(\d+) static files? copied/.exec(output)?.[1] ?? shared.files;
    voice.summary(`${count} files, ${shared.shared} new hashed ones shared`);
  });
}

/** Starts the release in the idle slot on its own socket, where nobody sees it, and waits until workers answer. */
export async function bootPrivately(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  healthHost: string,
  recorder: Recorder,
): Promise<void> {
  await recorder.step("boot", host.name, async (voice) => {
    await bootSlot(run.config, host, run.release, healthHost);
    voice.summary(`slot ${host.plan.slot}, workers answer`);
  });
}
