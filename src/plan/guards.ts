import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import { notSetUp } from "../host/refusal.ts";
import type { DatabaseFacts, HostFacts, Inspection, Manifest } from "../host/types.ts";

/** A host must be set up, be ours to write, and have room. Throws what a person must do. */
export function requireReady(config: Config, host: string, facts: HostFacts, bytes: number): void {
  if (!facts.owner) throw notSetUp(host);
  if (!facts.writable) {
    throw new DeployError(
      "host.not-writable",
      ExitCode.failed,
      `${facts.user} may not write in ${config.release.path} on ${host}`,
      {
        host,
        expected: `the user ${facts.owner.deployer ?? facts.owner.user}`,
        seen: `connected as ${facts.user}`,
        hint: "connect as the user that setup made, or run djdeploy setup again",
      },
    );
  }
  // The release, its collected files and a virtual environment: 200 MB is the least a Django site needs to breathe.
  const neededMb = Math.ceil((bytes * 2) / 1e6) + 200;
  if (facts.diskFreeMb < neededMb) {
    throw new DeployError("host.disk", ExitCode.failed, `${host} has too little disk space for a release`, {
      host,
      expected: `${neededMb} MB free at ${config.release.path}`,
      seen: `${facts.diskFreeMb} MB`,
      hint: "free some space, or keep fewer releases (release.keep)",
    });
  }
  if (facts.inodesFree > 0 && facts.inodesFree < 2000) {
    throw new DeployError("host.inodes", ExitCode.failed, `${host} has too few free inodes for a release`, {
      host,
      seen: `${facts.inodesFree} free`,
      hint: "remove many small files (df -i)",
    });
  }
}

/**
 * A changed engine, host or name of a database against the live release is refused: an empty variable must never put
 * an empty database live. `file` paths inside a release are compared by their place in it.
 */
export function requireSameDatabases(
  host: string,
  live: Manifest | undefined,
  now: Record<string, DatabaseFacts>,
  releases: string,
  force: string | null,
): string[] {
  const changes: string[] = [];
  for (const [alias, before] of Object.entries(live?.databases ?? {})) {
    const after = now[alias];
    const was = describe(before, releases);
    const is = after ? describe(after, releases) : "none";
    if (was !== is) changes.push(`${alias}: ${was} → ${is}`);
  }
  if (changes.length > 0 && force === null) {
    throw new DeployError(
      "guard.database-changed",
      ExitCode.refused,
      `the release would use another database than the live one on ${host}`,
      {
        host,
        expected: changes.map((change) => change.split(" → ")[0]).join("; "),
        seen: changes.join("; "),
        hint: 'if that is meant: djdeploy deploy ENV --force "the reason"',
      },
    );
  }
  return changes;
}

function describe(database: DatabaseFacts, releases: string): string {
  const name = database.name.startsWith(`${releases}/`)
    ? database.name.slice(releases.length + 1).replace(/^[^/]+\//, "")
    : database.name;
  const at = database.host ? ` at ${database.host}${database.port ? `:${database.port}` : ""}` : "";
  return `${database.engine.split(".").at(-1) ?? "?"} ${name || "(no name)"}${at}`;
}

/** A SQLite file is one host's own: on several, each would have another database. */
export function requireSharedDatabase(inspections: Pick<Inspection, "sqlite">[]): void {
  const file = inspections.flatMap((inspection) => inspection.sqlite ?? [])[0];
  if (!file) return;
  throw new DeployError("guard.sqlite-fleet", ExitCode.refused, "SQLite cannot serve several hosts", {
    expected: "one database that all hosts reach, such as PostgreSQL",
    seen: file,
    hint: "deploy to one host, or move the data to a database server",
  });
}
