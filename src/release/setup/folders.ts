import type { Config } from "../../config/types.ts";
import { layout } from "../../host/layout.ts";
import { doorOf } from "../../services/door.ts";
import type { HostFacts } from "./facts.ts";
import { item, type SetupItem } from "./item.ts";

interface Folder {
  path: string;
  owner: string;
  group: string;
  mode: string;
  /** Below a folder that the user writes the user makes it: root would follow a link that was put there. */
  maker: string;
}

/** nginx's user on Debian and Ubuntu. */
const webGroup = "www-data";

/**
 * The application's folder and what is in it, itself and `.djdeploy` first. Only nginx's group may enter from outside:
 * other users of the host see neither code nor sockets.
 */
export function layoutFolders(config: Config, primaryGroup: string): Folder[] {
  const place = layout(config.release.path);
  const { user, scope } = config.server;
  const own = (path: string, mode: string, group = primaryGroup) => ({
    path,
    owner: user,
    group,
    mode,
    maker: user,
  });
  // Without root nobody can be put into nginx's group: nginx's user is let into the folder itself (acl-items.ts).
  const rooted = scope === "system";
  const folder = own(place.path, doorOf(config.server).kind === "link" ? "710" : "700");
  return [
    rooted ? { ...own(place.path, "750", webGroup), maker: "root" } : folder,
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
    rooted ? own(place.run, "2750", webGroup) : own(place.run, "755"),
    own(`${place.path}/bin`, "755"),
  ];
}

export function rootFolder(path: string, group: string, mode: string): Folder {
  return { path, owner: "root", group, mode, maker: "root" };
}

/** Folders that are seen to in one step; only those that are not right yet are touched. */
export function foldersItem(step: string, folders: Folder[], facts: HostFacts): SetupItem {
  const wrong = folders.filter((folder) => !isRight(folder, facts));
  const shown = wrong.map(({ path, owner, group, mode }) => `${path} ${owner}:${group} ${mode}`);
  const message = shown.join(", ") || (folders.length === 1 ? folders[0]!.path : `${folders.length} folders`);
  const parameters = wrong.flatMap(({ path, owner, group, mode, maker }) => [
    path,
    owner,
    group,
    mode,
    maker,
  ]);
  return item(step, wrong.length === 0, message, "setup-folders.sh", parameters);
}

function isRight({ path, owner, group, mode }: Folder, facts: HostFacts): boolean {
  const fact = facts.paths.get(path);
  return fact?.type === "folder" && fact.owner === owner && fact.group === group && fact.mode === mode;
}
