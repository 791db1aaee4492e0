import type { Config } from "../../config/types.ts";
import { layout } from "../../host/layout.ts";
import { doorOf } from "../../services/door.ts";
import { webGroup } from "../../services/web-group.ts";
import type { HostFacts } from "./facts.ts";
import { item, type SetupItem } from "./item.ts";

interface Folder {
  path: string;
  owner: string;
  group: string;
  mode: string;
  /** Who may have owned it before. */
  before?: string;
}

/**
 * The application's folder and what is in it, itself and `.djdeploy` first. The folder is root's, so that none of what
 * lies directly in it can be replaced by a link; others may pass through it and enter nothing: nginx's group the sockets
 * and what is public, nobody else anything. What is deployed belongs to the user that deploys and can be read by the one
 * that it runs as, through the group of both; that one owns only what a running application writes.
 *
 * `moving`: a host of an older layout, where all of it is the running user's. `run` follows when its sockets have moved
 * (setup-sockets.sh), and nginx still walks ways which are closed once it does not (closingFolders).
 */
export function layoutFolders(config: Config, primaryGroup: string, moving = false): Folder[] {
  if (config.server.scope === "user") return ownFolders(config, primaryGroup);
  const place = layout(config.release.path);
  const { user } = config.server;
  const { running, deploying } = giving(config, primaryGroup, moving);
  const web = webGroup(config.app);
  return [
    { path: place.path, owner: "root", group: "root", mode: "711", before: user },
    deploying(place.own, "750"),
    ...(moving ? [] : [...closingFolders(config, primaryGroup), deploying(place.run, "751")]),
    deploying(place.venvs, "750"),
    deploying(place.env, "750"),
    deploying(`${place.path}/bin`, "750"),
    deploying(place.home, "700"),
    running(place.sockets, "2750", web),
    running(place.work, "750"),
    running(`${place.shared}/logs`, "750"),
    running(`${place.shared}/home`, "750"),
    rootFolder(place.public, "root", "711"),
    deploying(place.publicStatic, "2750", web),
    running(place.publicMedia, "2750", web),
  ];
}

/** What nginx entered in the oldest layout: closed when it is led through `public`. */
export function closingFolders(config: Config, primaryGroup: string, moving = false): Folder[] {
  const place = layout(config.release.path);
  const { running, deploying } = giving(config, primaryGroup, moving);
  return [deploying(place.releases, "750"), running(place.shared, "750"), deploying(place.slots, "750")];
}

/** Folders of the running and of the deploying user; while a host is moved the second ones may still be the first's. */
function giving({ server }: Config, primaryGroup: string, moving: boolean) {
  const { user, deployer } = server;
  const before = moving ? { before: user } : {};
  return {
    running: (path: string, mode: string, group = primaryGroup) => ({ path, owner: user, group, mode }),
    deploying: (path: string, mode: string, group = primaryGroup) => ({
      ...{ path, owner: deployer, group, mode },
      ...before,
    }),
  };
}

/** Without root nobody can be put into a group: nginx's user is let into the folder itself (acl-items.ts). */
function ownFolders(config: Config, primaryGroup: string): Folder[] {
  const place = layout(config.release.path);
  const { user } = config.server;
  const own = (path: string, mode: string) => ({ path, owner: user, group: primaryGroup, mode });
  return [
    own(place.path, doorOf(config.server).kind === "link" ? "710" : "700"),
    own(place.own, "750"),
    own(place.releases, "755"),
    own(place.venvs, "755"),
    own(place.shared, "755"),
    own(place.static, "755"),
    own(place.media, "755"),
    own(`${place.shared}/logs`, "750"),
    own(`${place.shared}/home`, "750"),
    own(place.env, "700"),
    own(place.slots, "755"),
    own(place.run, "755"),
    own(`${place.path}/bin`, "755"),
  ];
}

export function rootFolder(path: string, group: string, mode: string): Folder {
  return { path, owner: "root", group, mode };
}

/** Folders that are seen to in one step; only those that are not right yet are touched. */
export function foldersItem(step: string, folders: Folder[], facts: HostFacts): SetupItem {
  const wrong = folders.filter((folder) => !isRight(folder, facts));
  const shown = wrong.map(({ path, owner, group, mode }) => `${path} ${owner}:${group} ${mode}`);
  const message = shown.join(", ") || (folders.length === 1 ? folders[0]!.path : `${folders.length} folders`);
  const parameters = wrong.flatMap(({ path, owner, group, mode, before }) => [
    ...[path, owner, group, mode, before ?? "-"],
  ]);
  return item(step, wrong.length === 0, message, "setup-folders.sh", parameters);
}

function isRight({ path, owner, group, mode }: Folder, facts: HostFacts): boolean {
  const fact = facts.paths.get(path);
  return fact?.type === "folder" && fact.owner === owner && fact.group === group && fact.mode === mode;
}
