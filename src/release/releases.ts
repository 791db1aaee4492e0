import type { AnswerOf } from "../host/protocol.ts";
import { requireSetUp, withHosts } from "./hosts.ts";
import { releaseView } from "./rows.ts";
import type { ReleasesView, ReleaseView, RunContext } from "./types.ts";

type Attempt = AnswerOf<"attempts">[number];

/** The releases on each host, newest first; with `all` also every attempt that left none, from the audit lines. */
export async function releases(context: RunContext, options: { all: boolean }): Promise<ReleasesView> {
  const rows = await withHosts(context, async (session): Promise<ReleaseView[]> => {
    const facts = await session.request("facts");
    requireSetUp(session.name, facts);
    const present = facts.releases.map((manifest) => releaseView(session.name, manifest));
    if (!options.all) return present;
    const attempts = await session.request("attempts");
    const known = new Set(present.map((row) => row.id));
    const others = attempts
      .filter(
        (attempt) => attempt.release == null || !known.has(attempt.release) || attempt.event !== "deploy",
      )
      .map((attempt) => attemptView(session.name, attempt));
    return [...present, ...others];
  });
  const sorted = rows
    .flat()
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
  return { releases: sorted };
}

function attemptView(host: string, attempt: Attempt): ReleaseView {
  return {
    id: attempt.release ?? "-",
    host,
    revision: attempt.revision ?? "",
    actor: attempt.actor ?? "",
    createdAt: new Date((attempt.at ?? 0) * 1000).toISOString(),
    state: [attempt.event ?? "attempt", attempt.result].filter(Boolean).join(": "),
    live: false,
    migrationHeads: [],
    reason: attempt.error?.message ?? null,
  };
}
