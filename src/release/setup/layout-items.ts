import type { Config } from "../../config/types.ts";
import { layout } from "../../host/layout.ts";
import { ownTexts } from "../../host/release-files.ts";
import { doorOf } from "../../services/door.ts";
import { webGroup, webUser } from "../../services/web-group.ts";
import type { HostFacts } from "./facts.ts";
import { closingFolders, foldersItem } from "./folders.ts";
import { refused } from "./guards.ts";
import { item, type SetupItem } from "./item.ts";
import { bootUnits } from "./service-items.ts";

/** Refuses a group of the wanted name that somebody else uses: it is for nginx's user and the one that deploys. */
export function checkGroup(config: Config, facts: HostFacts): void {
  const name = webGroup(config.app);
  const group = facts.groups.get(name);
  const ours = [webUser, config.server.deployer];
  const others = group ? [...group.members.filter((one) => !ours.includes(one)), ...group.primaryOf] : [];
  if (others.length === 0) return;
  throw refused("setup.foreign-group", `the group ${name} is there already, for somebody else`, {
    expected: `no such group, or one that only ${webUser} and ${config.server.deployer} are in`,
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
    config.server.deployer,
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

/** On a host of an older layout: what is deployed passes to the user that deploys. Before anything is written as that one. */
export function ownersItem(config: Config): SetupItem {
  const { path } = layout(config.release.path);
  const { user, deployer } = config.server;
  const message = `code, environments, secrets and links in ${path} pass from ${user} to ${deployer}; uploads and databases stay`;
  return { ...item("owners", false, message, "setup-owners.sh", [path, user, deployer]), tells: true };
}

/** The releases that are there start with today's launcher, which knows where their sockets lie. */
export function launchersItem(config: Config): SetupItem {
  const { path, releases } = layout(config.release.path);
  const content = JSON.stringify(Object.fromEntries(ownTexts()));
  const message = `today's launcher in each of ${releases}`;
  const parameters = [path, config.server.deployer];
  return item("launchers", false, message, "setup-launchers.sh", parameters, { content });
}

/** When the manager would start the next one with its socket in the new place. */
export function socketsItem(config: Config): SetupItem {
  const { path, run, sockets } = layout(config.release.path);
  const { user, deployer, manager } = config.server;
  const units = manager === "systemd" ? bootUnits(config).filter((one) => !one.endsWith(".socket")) : [];
  const message = `the sockets of what runs move from ${run} to ${sockets}; ${run} passes to ${deployer}`;
  return item("sockets", false, message, "setup-sockets.sh", [path, user, deployer, ...units]);
}

/** A host of the oldest layout: what releases collected goes where nginx may enter, before it is led there. */
export function staticItem(config: Config): SetupItem {
  const { path, publicStatic } = layout(config.release.path);
  const message = `collected files of the releases, hard-linked into ${publicStatic}`;
  return item("static files", false, message, "setup-static.sh", [path, config.server.deployer]);
}

/** And once nginx is led there: the old ways are closed. A site that somebody placed by hand still walks them. */
export function closingItems(config: Config, group: string, facts: HostFacts): SetupItem[] {
  const close = foldersItem("close", closingFolders(config, group, true), facts);
  const byHand = config.nginx !== "manage" && doorOf(config.server).kind === "link";
  const hint = "; a site placed by hand then finds files only as `nginx: print` shows it";
  return [byHand ? { ...close, message: close.message + hint } : close];
}

/** After root's own record: the older one, which nobody believes any more. */
export function oldRecordItem(config: Config, facts: HostFacts): SetupItem[] {
  const { ownRecord } = layout(config.release.path);
  if (!facts.paths.has(ownRecord)) return [];
  return [
    item("old record", false, `remove ${ownRecord}`, "setup-drop.sh", [config.server.deployer, ownRecord]),
  ];
}
