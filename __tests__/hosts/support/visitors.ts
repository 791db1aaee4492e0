import { type LoadResult, startLoad } from "../../../lab/load.ts";
import type { Site } from "./site.ts";

/** Pages of a moment and pages of half a second, from visitors who never stop. */
export function visitors(site: Site, port: number) {
  const load = (path: string, clients: number) =>
    startLoad({
      url: `http://${site.host.address}:${port}${path}`,
      headers: { host: "shop.example.com" },
      clients,
      pauseMs: 30,
      requestTimeoutMs: 30_000,
    });
  const loads = [load("/where/", 2), load("/slow/?s=0.5", 2)];
  return {
    async stop(): Promise<LoadResult> {
      const [first, second] = await Promise.all(loads.map((one) => one.stop()));
      return added(first!, second!);
    },
  };
}

function added(a: LoadResult, b: LoadResult): LoadResult {
  const kinds = { ...a.kinds };
  for (const [kind, count] of Object.entries(b.kinds) as [keyof typeof kinds, number][])
    kinds[kind] = (kinds[kind] ?? 0) + count;
  return {
    ...a,
    kinds,
    sent: a.sent + b.sent,
    ok: a.ok + b.ok,
    failed: a.failed + b.failed,
    slowestMs: Math.max(a.slowestMs, b.slowestMs),
    failures: [...a.failures, ...b.failures],
  };
}

/** `12 refused, 1 reset`. */
export function lostKinds({ kinds }: LoadResult): string {
  const lost = Object.entries(kinds).filter(([kind]) => kind !== "ok");
  return lost.map(([kind, count]) => `${count} ${kind}`).join(", ");
}
