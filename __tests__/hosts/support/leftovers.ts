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
  /** How many processes that is; a login's own (systemd --user) do not count. */
  processes: number;
  lock: boolean;
  live: string;
  /** How many runs have their scripts, logs and results there, and how large all records are. */
  runs: number;
  recordsKb: number;
}

const looks = {
  running:
    "for p in /proc/[0-9]*; do readlink $p/cwd; done 2>/dev/null | grep ^/srv/shop/releases/ | cut -d/ -f5 | sort",
  live: "basename $(readlink -f /srv/shop/slots/$(readlink /srv/shop/run/web.sock | sed s/.sock//))",
  run: "ls /srv/shop/run",
  slots: "ls /srv/shop/slots | grep -vx current",
  releases: "ls /srv/shop/releases",
  venvs: "ls /srv/shop/venvs",
  env: "ls /srv/shop/env",
  temporary:
    "find /srv/shop -not -path '*/venvs/*' \\( -name '*.tmp' -o -name '*.new' -o -name '*.building' \\)",
  own: "ls -a /srv/shop/.djdeploy",
  runs: "ls /srv/shop/.djdeploy/runs",
  records: "du -sk /srv/shop/.djdeploy | cut -f1",
};

/** What really lies and runs on the host, in one look. */
export async function footprint(site: Pick<Site, "root">): Promise<Footprint> {
  const shell = Object.values(looks).map((look) => `echo ==; ${look}`);
  const parts = (await site.root(`${shell.join("\n")}\ntrue`)).split(/^==$/m).slice(1);
  const lines = (name: keyof typeof looks) =>
    (parts[Object.keys(looks).indexOf(name)] ?? "").split("\n").filter(Boolean);
  return {
    run: lines("run"),
    slots: lines("slots"),
    releases: lines("releases"),
    venvs: lines("venvs").length,
    versions: lines("env").filter((name) => name !== "store.json").length,
    temporary: lines("temporary"),
    running: [...new Set(lines("running"))],
    processes: lines("running").length,
    runs: lines("runs").length,
    recordsKb: Number(lines("records")[0]),
    lock: lines("own").includes("lock.json"),
    live: lines("live")[0] ?? "",
  };
}
