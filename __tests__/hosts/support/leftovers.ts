import type { Site } from "./site.ts";

/** Everything under /srv/shop that only one release at a time, or none, may have. */
export interface Footprint {
  /** Names in run/, without what they point at. */
  run: string[];
  slots: string[];
  releases: string[];
  venvs: number;
  /** Environment versions; the store is not one. */
  versions: number;
  /** Names that an interrupted write leaves. */
  temporary: string[];
  /** Releases that a process of the deploy user works in. */
  running: string[];
  /** How many processes that user has. */
  processes: number;
  lock: boolean;
  live: string;
  /** How many runs have their scripts, logs and results there, and how large all records are. */
  runs: number;
  recordsKb: number;
}

/** What really lies and runs on the host. */
export async function footprint(site: Site): Promise<Footprint> {
  const lines = async (command: string) => (await site.root(command)).split("\n").filter(Boolean);
  const running = await lines(
    `for p in /proc/[0-9]*; do readlink $p/cwd; done 2>/dev/null | grep ^/srv/shop/releases/ | cut -d/ -f5 | sort -u; true`,
  );
  const slot = (await site.root("readlink /srv/shop/run/web.sock")).replace(".sock", "");
  return {
    run: await lines("ls /srv/shop/run"),
    slots: await lines("ls /srv/shop/slots"),
    releases: await lines("ls /srv/shop/releases"),
    venvs: (await lines("ls /srv/shop/venvs")).length,
    versions: (await lines("ls /srv/shop/env")).filter((name) => name !== "store.json").length,
    temporary: await lines(
      "find /srv/shop -not -path '*/venvs/*' \\( -name '*.tmp' -o -name '*.new' -o -name '*.building' \\)",
    ),
    running,
    processes: (await lines("pgrep -u shop || true")).length,
    runs: (await lines("ls /srv/shop/.djdeploy/runs")).length,
    recordsKb: Number(await site.root("du -sk /srv/shop/.djdeploy | cut -f1")),
    lock: (await lines("ls -a /srv/shop/.djdeploy")).includes("lock.json"),
    live: (await site.root(`basename $(readlink -f /srv/shop/slots/${slot})`)).trim(),
  };
}
