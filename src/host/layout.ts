import type { Slot } from "../services/types.ts";

/** Where things are under /srv/APP. The one place that knows these names besides the files in src/host/files. */
export function layout(path: string) {
  return {
    path,
    releases: `${path}/releases`,
    release: (id: string) => `${path}/releases/${id}`,
    venvs: `${path}/venvs`,
    shared: `${path}/shared`,
    static: `${path}/shared/static`,
    media: `${path}/shared/media`,
    env: `${path}/env`,
    slots: `${path}/slots`,
    slot: (slot: Slot) => `${path}/slots/${slot}`,
    run: `${path}/run`,
    socket: (slot: Slot) => `${path}/run/${slot}.sock`,
    /** nginx's upstream and the one truth of what is live. */
    webSocket: `${path}/run/web.sock`,
    current: `${path}/current`,
    /** The live release's collected files: `current/.djdeploy/static` is a link to its STATIC_ROOT. */
    liveStatic: `${path}/current/.djdeploy/static`,
    own: `${path}/.djdeploy`,
    owner: `${path}/.djdeploy/owner.json`,
  };
}

/** `20261120T110455Z-1a2b3c4`: sorts by time, names the commit. */
export function releaseId(now: Date, sha: string): string {
  const stamp = now.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  return `${stamp}-${sha.slice(0, 7)}`;
}
