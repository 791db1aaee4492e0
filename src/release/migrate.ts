import type { Inspection } from "../host/types.ts";
import type { HostRun } from "./hosts.ts";
import type { ReleaseRun } from "./prepare.ts";
import type { Recorder } from "./recorder.ts";
import { runHostStep } from "./steps.ts";

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
      const rows = await host.session.request<{ file: string; bytes: number }[]>("backup", {
        files,
        label: release,
        keep: config.database.keepBackups,
      });
      if (rows.length === 0) return voice.unchanged("the database is new");
      voice.summary(rows.map((row) => `${row.file}, ${Math.ceil(row.bytes / 1000)} KB`).join("; "));
    });
  }
  await recorder.step("migrate", host.name, async (voice) => {
    if (pending.length === 0) return voice.unchanged("no migration is pending");
    await runHostStep(
      host.session,
      {
        run: run.run,
        name: "migrate",
        script: "migrate.sh",
        env: { DJD_RELEASE: `${config.release.path}/releases/${release}` },
        keepLock: true,
        failure: {
          code: "migrate.failed",
          message: `migrate on ${host.name} failed`,
          hint: (output) =>
            /database is locked/.test(output)
              ? "SQLite was busy for longer than its timeout: raise OPTIONS timeout, or migrate when fewer write"
              : "the old release still serves; look at what was applied: djdeploy run ENV -- manage.py showmigrations",
        },
      },
      voice,
    );
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

/** The leaves that are applied now: those before, and the last pending of each application. */
function heads(inspection: Inspection): string[] {
  const all = inspection.migrations;
  if (!all) return [];
  const last = new Map(all.pending.map((row) => [row.app, `${row.app}.${row.name}`]));
  const before = all.heads.filter((head) => !last.has(head.split(".")[0] ?? ""));
  return [...before, ...last.values()].sort();
}
