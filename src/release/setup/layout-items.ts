import type { Config } from "../../config/types.ts";
import { layout } from "../../host/layout.ts";
import { doorOf } from "../../services/door.ts";
import { webGroup, webUser } from "../../services/web-group.ts";
import type { HostFacts } from "./facts.ts";
import { closingFolders, foldersItem } from "./folders.ts";
import { refused } from "./guards.ts";
import { item, type SetupItem } from "./item.ts";
import { bootUnits } from "./service-items.ts";

/** Refuses a group of the wanted name that somebody else uses: nginx's user is to be its only member. */
export function checkGroup(config: Config, facts: HostFacts): void {
  const name = webGroup(config.app);
  const group = facts.groups.get(name);
  const others = group ? [...group.members.filter((one) => one !== webUser), ...group.primaryOf] : [];
  if (others.length === 0) return;
  throw refused("setup.foreign-group", `the group ${name} is there already, for somebody else`, {
    expected: `no such group, or one that only ${webUser} is in`,
    seen: others.join(", "),
    hint: `take them out (gpasswd -d ${others[0]} ${name}), or give the application another \`app:\` name`,
  });
}

/** nginx reaches one application through one group; running workers are told of it without a lost request. */
export function webGroupItem(config: Config, facts: HostFacts): SetupItem {
  const name = webGroup(config.app);
  const group = facts.groups.get(name);
  const member = !facts.users.has(webUser) || (group?.members.includes(webUser) ?? false);
  const message = `${webUser} in the group ${name}, which alone may enter sockets and public files`;
  const parameters = [name, webUser];
  return item(
    "web group",
    group !== undefined && member && !group.stale,
    message,
    "setup-web-group.sh",
    parameters,
  );
}

/** `current` is root's link to one that deploys move. */
export function currentItem(config: Config, facts: HostFacts): SetupItem {
  const { path, current } = layout(config.release.path);
  const fact = facts.paths.get(current);
  const right = fact?.type === "link" && fact.target === "slots/current";
  return item("current", right, `${current} -> slots/current`, "setup-current.sh", [
    path,
    config.server.user,
  ]);
}

/** Media where nginx may enter. A link that the user made of it since is the user's own concern: nobody else follows it. */
export function mediaItem(config: Config, facts: HostFacts): SetupItem {
  const { path, media, publicMedia } = layout(config.release.path);
  const fact = facts.paths.get(media);
  const units =
    config.server.manager === "systemd" ? bootUnits(config).filter((one) => !one.endsWith(".socket")) : [];
  const message =
    fact?.type === "folder"
      ? `${media} moves to ${publicMedia}, by one rename`
      : `${media} -> ../public/media`;
  const parameters = [path, config.server.user, webGroup(config.app), ...units];
  return item("media", fact !== undefined && fact.type !== "folder", message, "setup-media.sh", parameters);
}

/** A host of the older layout: what releases collected goes where nginx may enter, before it is led there. */
export function staticItem(config: Config): SetupItem {
  const { path, publicStatic } = layout(config.release.path);
  const message = `collected files of the releases, hard-linked into ${publicStatic}`;
  return item("static files", false, message, "setup-static.sh", [path, config.server.user]);
}

/** And once nginx is led there: the old ways are closed. A site that somebody placed by hand still walks them. */
export function closingItems(config: Config, group: string, facts: HostFacts): SetupItem[] {
  const close = foldersItem("close", closingFolders(config, group), facts);
  const byHand = config.nginx !== "manage" && doorOf(config.server).kind === "link";
  const hint = "; a site placed by hand then finds files only as `nginx: print` shows it";
  return [byHand ? { ...close, message: close.message + hint } : close];
}

/** After root's own record: the older one, which nobody believes any more. */
export function oldRecordItem(config: Config, facts: HostFacts): SetupItem[] {
  const { ownRecord } = layout(config.release.path);
  if (!facts.paths.has(ownRecord)) return [];
  return [item("old record", false, `remove ${ownRecord}`, "setup-drop.sh", [config.server.user, ownRecord])];
}
