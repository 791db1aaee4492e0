import type { Config } from "../config/types.ts";
import { asDeployError } from "../errors.ts";
import { ownFiles } from "../host/release-files.ts";
import type { HostSession } from "../host/session.ts";
import type { DatabaseFacts, HostFacts } from "../host/types.ts";
import { type Delta, delta } from "../host/upload.ts";
import type { Applied } from "../migrations/sql.ts";
import { disagreements } from "../plan/agreement.ts";
import { notBackedUp } from "../plan/backups.ts";
import { requireReady } from "../plan/guards.ts";
import { planHost } from "../plan/host.ts";
import { shortMemory } from "../plan/memory.ts";
import { packageChanges } from "../plan/packages.ts";
import { leaderOf, servesWeb } from "../plan/roles.ts";
import { mayNotFail } from "../plan/rollout.ts";
import { guaranteeFor, serverOf, withMigrations } from "../plan/server.ts";
import { plannedSteps } from "../plan/steps.ts";
import {
  artifactFiles,
  collectShipment,
  openArtifact,
  readProject,
  requireUsableHash,
} from "../project/index.ts";
import { configPrefix, joined } from "../project/paths.ts";
import type { Project } from "../project/types.ts";
import type { Guarantee } from "../services/guarantee.ts";
import { exceptionsOf } from "./exceptions.ts";
import { holdText } from "./history.ts";
import { withHosts } from "./hosts.ts";
import { withName } from "./named.ts";
import { requireOwner, setupNote } from "./owner.ts";
import { askApplied, plannedMigrations } from "./plan-migrations.ts";
import { compareWith } from "./plan-since.ts";
import { liveManifest } from "./rows.ts";
import { standingOf } from "./standing.ts";
import type { PlanRisk, PlanView, RunContext } from "./types.ts";

/** What a deploy of `revision` (null = HEAD) would do now. Reads the hosts, changes nothing. */
export async function plan(context: RunContext, options: PlanOptions): Promise<PlanView> {
  const { config } = context;
  const hash = options.artifactSha256 ?? null;
  requireUsableHash(config, hash);
  const artifact = hash === null ? null : await openArtifact(config, hash);
  const project = await readProject(config, options.revision);
  const built = artifact ? await artifactFiles(artifact, project, config) : [];
  const shipment = await collectShipment(project, config, built);
  const files = [...shipment.files, ...ownFiles()];
  const hashes = new Map(shipment.files.map((file) => [file.path, file.sha256]));
  const leader = leaderOf(config, context.targets);
  const hosts = await withHosts(context, async (session) => {
    const facts = await session.request("begin", { lock: false, base: true });
    requireReady(config, session.name, facts, 0);
    requireOwner(config, project.repository, session.name, facts);
    const stale = setupNote(config, session.name, facts);
    if (stale !== null) {
      context.emit({ code: "note", level: "warning", message: stale, host: session.name });
    }
    // One database serves all hosts: one answer is everybody's.
    const asked = facts.live?.release && session.name === leader.name;
    const applied = asked ? await askApplied(session) : null;
    const planned = planHost(config, project, hashes, session.name, facts);
    const wrong = await standingRisks(config, session, facts);
    const short = shortMemory(planned.workers, serverOf(config, project), facts);
    return { name: session.name, facts, plan: planned, applied, stale, wrong, short };
  });
  const known = artifact ? () => true : await knownPaths(config, project);
  const differences = hosts.map((host) => {
    const all = delta(files, host.facts.base);
    return { ...all, removed: all.removed.filter(known) };
  });
  const first = hosts.find(({ name }) => name === leader.name);
  const missing = hosts.flatMap((host) =>
    config.env.secrets
      .filter(
        (name) =>
          !host.facts.stored.includes(name) && !(Object.hasOwn(context.values, name) && context.values[name]),
      )
      .map((name) => ({ host: host.name, name })),
  );
  const held = hosts.flatMap(({ name, facts }): PlanRisk[] =>
    facts.hold
      ? [{ level: "warning", message: `${name} holds ${holdText(facts.hold)}: a run of a push is refused` }]
      : [],
  );
  const narrow = hosts.flatMap(({ name, short }): PlanRisk[] =>
    short
      ? [
          {
            level: short.fits ? "warning" : "error",
            message: `${name}: memory is short: ${short.expected}; ${short.seen}`,
          },
        ]
      : [],
  );
  const live = first ? liveManifest(first.facts) : null;
  const paths = shipment.files.map(({ path }) => path);
  const [since, migrations] = await Promise.all([
    compareWith(live?.revision ?? null, { config, project, shipment, values: context.values }),
    plannedMigrations(context, project, paths, first?.applied ?? null),
  ]);
  const stale = hosts.flatMap((host) => host.stale ?? [])[0];
  const guarantee = withMigrations(
    guaranteeFor(config, project),
    typeof first?.applied === "string" ? null : migrations.migrations.length,
  );
  return {
    environment: config.environment,
    revision: project.revision.sha,
    result: "deploy",
    commits: since.commits,
    ...migrations,
    findings: since.findings,
    setup: { changed: stale !== undefined, why: stale ?? "as setup wrote them" },
    downtime: downtime(hosts, guarantee),
    hosts: hosts.map(({ name, facts, plan: planned }) => ({
      host: name,
      release: planned.previous?.release ?? null,
      revision: liveManifest(facts)?.revision ?? null,
      slot: servesWeb(config, name) ? (planned.previous?.slot ?? null) : null,
      roles: config.hosts.find((host) => host.name === name)?.roles ?? [],
    })),
    steps: plannedSteps(
      config,
      project,
      hosts.map((host) => host.plan),
    ),
    files: {
      changed: Math.max(0, ...differences.map((one) => one.changed.length + one.removed.length)),
      bytes: Math.max(0, ...differences.map((one) => one.bytes)),
      paths: changedPaths(differences[0]),
    },
    dependencies: {
      changed: hosts.some((host) => !host.plan.venv.ready),
      installer: first?.plan.venv.installer ?? "pip",
      reason: first?.plan.venv.ready
        ? "an environment of these requirements is on the host"
        : "no environment of these requirements is on the host yet",
      packages: first ? packageChanges(installed(first.facts), project.packages, since.packages) : [],
    },
    guarantee,
    risks: [
      ...hosts.flatMap(({ wrong }) => wrong),
      ...held,
      ...unsaved(config, migrations.migrations.length, live?.databases ?? {}, first?.applied ?? null),
      ...narrow,
      ...fragile(config),
      ...notBuilt(config, hash),
      ...exceptionsOf(config),
      ...risks(project, missing),
    ],
    detected: detected(project),
    config: config.file,
    notEnforced: config.notEnforced,
  };
}

/** Databases that no backup is made of, where one would be made. */
function unsaved(
  { database }: Config,
  pending: number,
  written: Record<string, DatabaseFacts>,
  applied: Applied | string | null,
): PlanRisk[] {
  if (database.backup === "never" || (pending === 0 && database.backup !== "always")) return [];
  const opened = typeof applied === "object" ? (applied?.databases ?? {}) : {};
  const named = Object.fromEntries(
    Object.entries({ ...opened, ...written }).map(([alias]) => [
      alias,
      {
        facts: written[alias] ?? { engine: opened[alias]?.engine ?? "" },
        identity: opened[alias]?.identity ?? null,
      },
    ]),
  );
  return notBackedUp(named).map(({ text }) => ({ level: "warning", message: text }));
}

/** What is wrong with what serves now: a deploy would begin with it. */
async function standingRisks(config: Config, session: HostSession, facts: HostFacts): Promise<PlanRisk[]> {
  const problems = await standingOf(config, session, facts)
    .then((standing) => standing.problems)
    .catch((thrown) => {
      // A key that may only read asks no door.
      if (asDeployError(thrown).code !== "key.facts-only") throw thrown;
      return disagreements(facts);
    });
  return problems.map(({ message, fix }) => ({
    level: "warning",
    message: `${session.name} now: ${message}; ${withName(fix, config)}`,
  }));
}

interface PlanOptions {
  revision: string | null;
  /** With it `build.artifact` is looked into; without it what it holds is left out of the comparison. */
  artifactSha256?: string | null;
}

/** Which paths can be said to go: of what an earlier job builds nothing is known. */
async function knownPaths(config: Config, project: Project): Promise<(path: string) => boolean> {
  if (config.build.artifact === null) return () => true;
  const prefix = await configPrefix(config, project.directory);
  const built = config.build.include.map((path) => joined(prefix, path));
  return (path) => !built.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

function notBuilt({ build }: Config, hash: string | null): PlanRisk[] {
  if (build.artifact === null || hash !== null) return [];
  const message = `${build.artifact} is not looked into without its hash: ${build.include.join(", ")} may change, too`;
  return [{ level: "info", message }];
}

/** What is installed for the live release, by name. */
function installed(facts: HostFacts): Record<string, string> {
  const live = liveManifest(facts);
  return live?.packages ?? facts.venvs[live?.venv ?? ""]?.packages ?? {};
}

function downtime(
  hosts: { name: string; plan: { previous: object | null } }[],
  guarantee: Guarantee,
): string {
  const bare = hosts.filter(({ plan }) => plan.previous === null).map(({ name }) => name);
  if (bare.length === 0) return guarantee.open ? guarantee.lost : guarantee.stall;
  return `nothing of ours serves on ${bare.join(", ")} yet`;
}

/** Hosts that `rollout.max-failures` is no help for. */
function fragile(config: RunContext["config"]): PlanRisk[] {
  if (config.rollout.maxFailures === 0) return [];
  return config.hosts.flatMap(({ name }) => {
    const why = mayNotFail(config, name);
    return why === null
      ? []
      : [
          {
            level: "info",
            message: `a failure of ${name} ends the rollout in spite of rollout.max-failures: ${why}`,
          },
        ];
  });
}

function changedPaths(difference: Delta | undefined): string[] {
  const own = /(?:^|\/)\.djdeploy\//;
  const changed = difference?.changed.map(({ path }) => path) ?? [];
  return [...changed, ...(difference?.removed ?? [])].filter((path) => !own.test(path)).sort();
}

function risks(project: Project, missing: { host: string; name: string }[]): PlanRisk[] {
  const rows: PlanRisk[] = missing.map(({ host, name }) => ({
    level: "error",
    message: `${name} has no value on ${host}: the deploy would be refused`,
  }));
  if (project.revision.dirty.length > 0) {
    rows.push({
      level: "warning",
      message: `${project.revision.dirty.length} changed files are not committed and would not be deployed`,
    });
  }
  return rows;
}

/** What was found in the repository, and from what. */
export function detected(project: Project): PlanView["detected"] {
  const names = ["root", "settings", "application", "server", "installer", "python"] as const;
  return names.map((name) => ({
    name,
    value: String(project[name].value),
    evidence: project[name].evidence,
  }));
}
