import { DeployError, ExitCode } from "../errors.ts";
import type { AnswerOf } from "../host/protocol.ts";
import type { DatabaseFacts, DatabaseIdentity, Inspection, OpenedDatabase } from "../host/types.ts";

/** What the two releases say of their databases. */
export interface BothSides {
  /** The live release's own answer; null where nothing is live, a text says why it gave none. */
  live: AnswerOf<"applied"> | string | null;
  /** What was written down of its settings when it was made. */
  written: Record<string, DatabaseFacts>;
  opened: NonNullable<Inspection["opened"]>;
  settings: Record<string, DatabaseFacts>;
}

/** How the databases of a new release differ from the live one's; `unknown`: what could not be compared, and why. */
export interface Comparison {
  changes: string[];
  unknown: string[];
}

/**
 * Another database than the live release's is refused: an empty variable or a moved folder must never put an empty one
 * live. What is opened is compared, as each connection says it, and what lies in it; names only where that is not known.
 */
export function requireSameDatabases(
  host: string,
  sides: BothSides,
  releases: string,
  force: string | null,
): Comparison {
  const compared = compareDatabases(sides, releases);
  const { changes } = compared;
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
  return compared;
}

export function compareDatabases(
  { live, written, opened, settings }: BothSides,
  releases: string,
): Comparison {
  const changes: string[] = [];
  const unknown: string[] = [];
  if (live === null) return { changes, unknown };
  const answered = typeof live === "string" ? undefined : live.databases;
  const silent = typeof live === "string" ? live : "the host's reader is older than that question";
  for (const alias of Object.keys(answered ?? written)) {
    const before = answered?.[alias];
    const after = opened[alias];
    const named = (facts: DatabaseFacts | undefined) => (facts ? nameOf(facts, releases) : "none");
    const was = before?.identity ? textOf(before.identity) : named(written[alias]);
    if (!after) {
      // A place without an engine (`DATABASES = {"default": {}}`) or without a table held nothing that could be lost.
      const held = before ? before.unknown !== null || before.tables.length > 0 : written[alias]?.engine;
      // Nor is one lost that goes by another alias as well.
      const stays = Object.values(opened).some(
        ({ identity }) => compareIdentity(before?.identity ?? null, identity) === "same",
      );
      if (held && !stays) changes.push(`${alias}: ${was} → none`);
      continue;
    }
    const verdict = compareIdentity(before?.identity ?? null, after.identity);
    const is = after.identity ? textOf(after.identity) : named(settings[alias]);
    const lost = before ? lostIn(before, after) : null;
    if (verdict === "other") changes.push(`${alias}: ${was} → ${is}${lost ? `, which ${lost}` : ""}`);
    else if (lost) changes.push(`${alias}: ${was} → ${is}, which ${lost}`);
    else if (verdict === "unknown") {
      const [old, now] = [named(written[alias]), named(settings[alias])];
      if (written[alias] && old !== now) changes.push(`${alias}: ${old} → ${now}`);
      else unknown.push(`${alias}: ${before?.unknown ?? after.unknown ?? whyNot(before, silent)}`);
    }
  }
  return { changes, unknown };
}

function whyNot(before: OpenedDatabase | undefined, silent: string): string {
  return before ? "the servers do not say which they are" : `the live release does not say: ${silent}`;
}

/** Whether two connections opened the same; `unknown` where neither side tells what would decide it. */
export function compareIdentity(
  a: DatabaseIdentity | null,
  b: DatabaseIdentity | null,
): "same" | "other" | "unknown" {
  if (!a || !b) return "unknown";
  if (a.kind !== b.kind) return "other";
  if (a.kind === "memory") return "same";
  if (a.kind === "file") {
    const known = a.id !== undefined && b.id !== undefined;
    if (a.id !== b.id) return "other";
    return known || a.file === b.file ? "same" : "other";
  }
  if (a.database !== b.database || a.schema !== b.schema || a.user !== b.user) return "other";
  for (const mark of ["system", "server"] as const)
    if (a[mark] && b[mark]) return a[mark] === b[mark] ? "same" : "other";
  return "unknown";
}

/** What the live database holds and the other does not; null: nothing is missing. */
function lostIn(before: OpenedDatabase, after: OpenedDatabase): string | null {
  if (after.unknown !== null) return null;
  const tables = before.tables.filter((name) => name !== "django_migrations");
  const there = new Set(after.tables);
  if (tables.length > 0 && !tables.some((name) => there.has(name)))
    return `holds none of its ${tables.length} tables`;
  const [had, has] = [before.applied?.length ?? 0, after.applied?.length ?? 0];
  return has < had ? `has ${has} of its ${had} migrations` : null;
}

function textOf(identity: DatabaseIdentity): string {
  switch (identity.kind) {
    case "memory":
      return "sqlite3 in memory";
    case "file":
      return `sqlite3 ${identity.file ?? "?"}${identity.id === undefined ? " (not there yet)" : ""}`;
    default: {
      const schema = identity.schema ? `, schema ${identity.schema}` : "";
      const at = identity.server ?? "a local socket";
      const number = identity.system ? ` (server ${identity.system})` : "";
      return `${identity.kind} ${identity.database ?? "(no name)"}${schema}, user ${identity.user ?? "?"} at ${at}${number}`;
    }
  }
}

/** As the settings call it; a path inside a release by its place in it. */
function nameOf(database: DatabaseFacts, releases: string): string {
  const below = database.name.startsWith(`${releases}/`) ? database.name.slice(releases.length + 1) : "";
  const place = below.includes("/") ? below.replace(/^[^/]+\//, "") : "";
  const at = database.host ? ` at ${database.host}${database.port ? `:${database.port}` : ""}` : "";
  return `${database.engine.split(".").at(-1) ?? "?"} ${place || database.name || "(no name)"}${at}`;
}
