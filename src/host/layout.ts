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
    /** What nginx may enter besides the sockets; not with `scope: user`. */
    public: `${path}/public`,
    publicStatic: `${path}/public/static`,
    publicMedia: `${path}/public/media`,
    env: `${path}/env`,
    slots: `${path}/slots`,
    slot: (slot: Slot) => `${path}/slots/${slot}`,
    run: `${path}/run`,
    /** The slots' own sockets, which the running user makes; with `scope: user` they lie in `run`. */
    sockets: `${path}/sockets`,
    /** What steps that run the project's code leave for the agent, and the home of the user that deploys. */
    work: `${path}/work`,
    home: `${path}/home`,
    /** nginx's upstream and the one truth of what is live. */
    webSocket: `${path}/run/web.sock`,
    /** With root's setup root's own link to slots/current. */
    current: `${path}/current`,
    /** The live release's collected files: `current/.djdeploy/static` is a link to its STATIC_ROOT. */
    liveStatic: `${path}/current/.djdeploy/static`,
    own: `${path}/.djdeploy`,
    /** Root's record, in a folder that only root writes. */
    owner: `${path}/owner.json`,
    /** Where it lay before, and lies with `scope: user`: the user's own. */
    ownRecord: `${path}/.djdeploy/owner.json`,
  };
}

/** `20261120T110455Z-1a2b3c4`: sorts by time, names the commit. */
export function releaseId(now: Date, sha: string): string {
  const stamp = now.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  return `${stamp}-${sha.slice(0, 7)}`;
}
