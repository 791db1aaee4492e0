import { isFull } from "../host/full.ts";
import type { Inspection } from "../host/types.ts";
import type { HostRun } from "./hosts.ts";
import type { ReleaseRun } from "./prepare/run.ts";
import type { Recorder } from "./recorder.ts";
import { askHostStep } from "./steps.ts";

/** Backs up and migrates, once per database, on one designated host. Nothing pending: nothing is run. */
export async function migrate(
  run: ReleaseRun,
  host: HostRun,
  inspection: Inspection,
  recorder: Recorder,
): Promise<void> {
  const { config, release } = run;
  const pending = inspection.migrations?.pending ?? [];
  const files = inspection.sqlite ?? [];
  let backups: string[] = [];
  const wanted =
    config.database.backup === "always" ||
    (config.database.backup === "before-migrate" && pending.length > 0);
  if (wanted) {
    await recorder.step("backup", host.name, async (voice) => {
      if (files.length === 0) {
        return voice.unchanged(
          "backups of this database engine are not yet supported: nothing was backed up",
        );
      }
      const rows = await host.session.request("backup", {
        files,
        label: release,
        keep: config.database.keepBackups,
      });
      if (rows.length === 0) return voice.unchanged("the database is new");
      backups = rows.map((row) => row.file);
      voice.summary(rows.map((row) => `${row.file}, ${Math.ceil(row.bytes / 1000)} KB`).join("; "));
    });
  }
  await recorder.step("migrate", host.name, async (voice) => {
    if (pending.length === 0) return voice.unchanged("no migration is pending");
    const migrated = askHostStep(host.session, {
      run: run.run,
      name: "migrate",
      script: "migrate.sh",
      asUser: true,
      env: { DJD_RELEASE: `${config.release.path}/releases/${release}` },
      keepLock: true,
      failure: {
        code: "migrate.failed",
        message: `migrate on ${host.name} failed`,
        hint: (output) => migrateHint(output, backups),
      },
    });
    await migrated(voice);
    await host.session.request("update", {
      release,
      changes: { migrationHeads: heads(inspection) },
    });
    voice.summary(
      `${pending.length} applied: ${pending
        .map((row) => `${row.app}.${row.name}`)
        .slice(-3)
        .join(", ")}`,
    );
  });
}

/** What migrate's own lines say was applied before it failed, and what that means for the old release. */
export function migrateHint(output: string, backups: string[]): string {
  if (/database is locked/.test(output))
    return "SQLite was busy for longer than its timeout: raise OPTIONS timeout, or migrate when fewer write";
  const failed = /.*^\s*Applying ([\w.]+?)\.\.\./ms.exec(output)?.[1] ?? "the migration";
  const applied = [...output.matchAll(/^\s*Applying (\S+?)\.\.\..*\bOK\b/gm)].map((match) => match[1]);
  const again = isFull(output) ? "free some space (df -h, df -i)" : `mend ${failed}`;
  const lines =
    applied.length === 0
      ? [`nothing was applied; ${again} and deploy again`]
      : [
          `applied and stays: ${applied.join(", ")}; look whether the old release's pages still work with that`,
          `${again} and deploy again: it goes on from there`,
        ];
  if (backups.length > 0) lines.push(`the database before it: ${backups.join(", ")}`);
  return lines.join("\n");
}

/** The leaves that are applied now: those before, and the last pending of each application. */
function heads(inspection: Inspection): string[] {
  const all = inspection.migrations;
  if (!all) return [];
  const last = new Map(all.pending.map((row) => [row.app, `${row.app}.${row.name}`]));
  const before = all.heads.filter((head) => !last.has(head.split(".")[0] ?? ""));
  return [...before, ...last.values()].sort();
}
