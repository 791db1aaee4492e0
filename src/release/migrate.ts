import { isFull } from "../host/full.ts";
import type { Inspection } from "../host/types.ts";
import { type Backable, notBackedUp } from "../plan/backups.ts";
import { causeHint } from "./causes/index.ts";
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
      for (const { text } of notBackedUp(migratedDatabases(inspection))) voice.warn(text);
      if (files.length === 0) return voice.skipped("nothing was backed up");
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
  const aliases = [...new Set(pending.map(({ alias = "default" }) => alias))];
  const env = { DJD_RELEASE: `${config.release.path}/releases/${release}` };
  await recorder.step("migrate", host.name, async (voice) => {
    if (pending.length === 0) return voice.unchanged("no migration is pending");
    const { interrupted } = host.facts;
    if (interrupted) voice.note(againText(interrupted), "warning");
    const migrated = askHostStep(host.session, {
      run: run.run,
      name: "migrate",
      script: "migrate.sh",
      args: aliases,
      asUser: true,
      env,
      keepLock: true,
      failure: {
        code: "migrate.failed",
        message: `migrate on ${host.name} failed`,
        hint: (output) => migrateHint(output, backups),
      },
    });
    await migrated(voice);
    voice.summary(`${pending.length} applied: ${pending.map(migrationText).slice(-3).join(", ")}`);
  });
  // What lies in memory is empty for whoever looks: only the process that made it knows its tables.
  const kept = aliases.filter((alias) => inspection.opened?.[alias]?.identity?.kind !== "memory");
  if (kept.length > 0) await requireTables(run, host, { aliases: kept, env }, recorder);
  if (pending.length === 0) return;
  // Only now is it known that all were applied.
  await host.session.request("update", { release, changes: { migrationHeads: heads(inspection) } });
}

/** As the release's settings and its connections have them. */
function migratedDatabases({ settings, opened = {}, migrations }: Inspection): Record<string, Backable> {
  const left = migrations?.left ?? {};
  return Object.fromEntries(
    Object.entries(settings?.databases ?? {}).flatMap(([alias, facts]) =>
      Object.hasOwn(left, alias) ? [] : [[alias, { facts, identity: opened[alias]?.identity ?? null }]],
    ),
  );
}

function migrationText({ alias = "default", app, name }: { alias?: string; app: string; name: string }) {
  return `${app}.${name}${alias === "default" ? "" : ` (database ${alias})`}`;
}

/**
 * A migration can be recorded and make nothing, or end the process without an error before it is recorded: what the models
 * ask for has to be there before visitors ask for it.
 */
async function requireTables(
  run: ReleaseRun,
  host: HostRun,
  { aliases, env }: { aliases: string[]; env: Record<string, string> },
  recorder: Recorder,
): Promise<void> {
  await recorder.step("tables", host.name, async (voice) => {
    await askHostStep(host.session, {
      run: run.run,
      name: "tables",
      script: "tables.sh",
      asUser: true,
      args: aliases,
      env,
      failure: {
        code: "migrate.tables",
        message: `migrate on ${host.name} ended well, and the database is not what its models and migrations say`,
        hint: tablesHint,
      },
    })(voice);
    voice.summary("all migrations are recorded, and the models find their tables");
  });
}

export function tablesHint(output: string): string {
  return / is not applied( \(database .*\))?$/m.test(output)
    ? "code of a migration ended migrate before its end and without an error (sys.exit, os._exit): python manage.py showmigrations shows what is recorded"
    : "python manage.py makemigrations --check says whether a migration is missing; one that was faked, or that a router refuses, makes nothing";
}

/** A migration is not begun a second time without a word: outside of a transaction half of it may be done. */
function againText({ at, doing }: { at: number; doing: string | null }): string {
  const when = new Date(at * 1000).toISOString().replace(/\.\d+/, "");
  return `an earlier run was ended while it migrated (${when}${doing ? `, ${doing}` : ""}); what was not recorded as applied is begun again`;
}

/** What migrate's own lines say was applied before it failed, and what that means for the old release. */
export function migrateHint(output: string, backups: string[]): string {
  const cause = causeHint(output);
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
  if (cause) lines.unshift(cause);
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
