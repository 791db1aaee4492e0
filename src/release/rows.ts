import type { Holder, HostFacts, Manifest } from "../host/types.ts";
import type { LockView, ReleaseView } from "./types.ts";

export function releaseView(host: string, manifest: Manifest): ReleaseView {
  return {
    id: manifest.id,
    host,
    revision: manifest.revision ?? "",
    actor: manifest.actor ?? "",
    createdAt: manifest.createdAt ?? "",
    state: manifest.live ? (manifest.state === "switched" ? "switched, not proven" : "live") : manifest.state,
    live: manifest.live === true,
    migrationHeads: manifest.migrationHeads ?? [],
    reason: manifest.reason ?? null,
  };
}

export function lockView(host: string, holder: Holder | null): LockView | null {
  if (!holder) return null;
  return {
    host,
    actor: holder.actor,
    revision: holder.revision ?? null,
    runUrl: holder.runUrl ?? null,
    since: new Date((holder.since ?? 0) * 1000).toISOString(),
    alive: holder.gone !== true,
  };
}

export function liveManifest(facts: HostFacts): Manifest | undefined {
  return facts.releases.find((release) => release.live);
}
