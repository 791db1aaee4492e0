import { ownFiles } from "../host/release-files.ts";
import type { HostFacts } from "../host/types.ts";
import { delta } from "../host/upload.ts";
import { requireReady } from "../plan/guards.ts";
import { planHost } from "../plan/host.ts";
import { plannedSteps } from "../plan/steps.ts";
import { collectShipment, readProject } from "../project/index.ts";
import type { Project } from "../project/types.ts";
import { holdText } from "./history.ts";
import { withHosts } from "./hosts.ts";
import { requireOwner, setupNote } from "./owner.ts";
import { liveManifest } from "./rows.ts";
import type { PlanRisk, PlanView, RunContext } from "./types.ts";

/** What a deploy of `revision` (null = HEAD) would do now. Reads the hosts, changes nothing. */
export async function plan(context: RunContext, options: { revision: string | null }): Promise<PlanView> {
  const { config } = context;
  const project = await readProject(config, options.revision);
  const shipment = await collectShipment(project, config);
  const files = [...shipment.files, ...ownFiles()];
  const hashes = new Map(shipment.files.map((file) => [file.path, file.sha256]));
  const hosts = await withHosts(context, async (session) => {
    const facts = await session.request<HostFacts>("begin", { lock: false, base: true });
    requireReady(config, session.name, facts, 0);
    requireOwner(config, project.repository, session.name, facts);
    const stale = setupNote(config, facts);
    if (stale !== null) {
      context.emit({ code: "note", level: "warning", message: stale, host: session.name });
    }
    return { name: session.name, facts, plan: planHost(config, project, hashes, session.name, facts) };
  });
  const differences = hosts.map((host) => delta(files, host.facts.base));
  const first = hosts[0];
  const missing = hosts.flatMap((host) =>
    config.env.secrets
      .filter((name) => !host.facts.stored.includes(name) && !context.values[name])
      .map((name) => ({ host: host.name, name })),
  );
  const held = hosts.flatMap(({ name, facts }): PlanRisk[] =>
    facts.hold
      ? [{ level: "warning", message: `${name} holds ${holdText(facts.hold)}: a run of a push is refused` }]
      : [],
  );
  return {
    environment: config.environment,
    revision: project.revision.sha,
    result: "deploy",
    hosts: hosts.map(({ name, facts, plan: planned }) => ({
      host: name,
      release: planned.previous?.release ?? null,
      revision: liveManifest(facts)?.revision ?? null,
      slot: planned.previous?.slot ?? null,
      roles: config.hosts.find((host) => host.name === name)?.roles ?? [],
    })),
    steps: plannedSteps(
      config,
      project,
      hosts.map((host) => host.plan),
    ),
    migrations: [],
    files: {
      changed: Math.max(0, ...differences.map((one) => one.changed.length + one.removed.length)),
      bytes: Math.max(0, ...differences.map((one) => one.bytes)),
    },
    dependencies: {
      changed: hosts.some((host) => !host.plan.venv.ready),
      installer: first?.plan.venv.installer ?? "pip",
      reason: first?.plan.venv.ready
        ? "an environment of these requirements is on the host"
        : "no environment of these requirements is on the host yet",
    },
    risks: [...held, ...risks(project, missing)],
    detected: detected(project),
    config: config.file,
    notEnforced: config.notEnforced,
  };
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
  rows.push({
    level: "info",
    message:
      "which migrations are pending is known only after the upload: the release's own Django is asked then",
  });
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
