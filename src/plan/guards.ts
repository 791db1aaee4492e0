import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import { notSetUp } from "../host/refusal.ts";
import type { HostFacts, Inspection } from "../host/types.ts";

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
