import type { Config } from "../../config/types.ts";
import { layout } from "../../host/layout.ts";
import { checkOwner, parseOwner } from "../../host/owner.ts";
import { siteLink } from "../../services/nginx.ts";
import type { Owner } from "../../services/types.ts";
import { slots } from "../../services/types.ts";
import { logFolder, programName, unitName } from "../../services/wiring.ts";
import type { HostFacts, Questions } from "./facts.ts";
import { ownFile, rootFile } from "./file-items.ts";
import { ownerOf, serviceFiles, siteOf, sudoersFile, uvFolder, uvVersion } from "./files.ts";
import { folderItems, layoutFolders, rootFolder } from "./folders.ts";
import { checkHost, checkUser } from "./guards.ts";
import { item, type SetupItem } from "./item.ts";
import { authorizedKeys, deployKeys } from "./keys.ts";
import { refuseForeignSites, replacesDefault } from "./sites.ts";
import { unifiedDiff } from "./text.ts";

/** What setup decides from, besides the facts of the host. */
export interface SetupInput {
  config: Config;
  repository: string | null;
  uv: boolean;
  deployKeys: string[] | null;
  /** Public keys (base64 of their SSH form) that our side holds. */
  heldKeys: string[];
  /** Whether this host has the role web, and nginx is managed. */
  site: boolean;
}

/** What has to be asked of a host before it can be planned for. */
export function questionsFor(input: SetupInput): Questions {
  const { config } = input;
  const { app } = config;
  const { manager, user } = config.server;
  const place = layout(config.release.path);
  const folders = [...layoutFolders(config), ...rootFolders(config)].map((folder) => folder.path);
  const files = [...serviceFiles(config), sudoersFile(config)].map((file) => file.path);
  const site = input.site ? [siteOf(config, true).path, siteLink(app)] : [];
  return {
    packages: wantedPackages(input),
    paths: [...folders, ...files, ...site, place.owner],
    users: [user],
    units: manager === "systemd" ? slots.map((slot) => unitName(app, slot)) : [],
    programs: manager === "supervisord" ? slots.map((slot) => programName(app, slot)) : [],
    uv: input.uv ? [`${uvFolder}/bin/uv`] : [],
  };
}

/**
 * Everything that has to be so on this host, in order, each with whether it is. Throws what stands in the way: a host
 * we do not know, a folder, user, file or site that belongs to somebody else. Nothing has been changed then.
 */
export function planSetup(input: SetupInput, facts: HostFacts): SetupItem[] {
  const { config } = input;
  checkHost(facts);
  checkUser(config, facts);
  const owner = currentOwner(input, facts);
  const files = serviceFiles(config).map((file) => rootFile(file, config, facts));
  const sudo = rootFile(sudoersFile(config), config, facts);
  const site = input.site ? [siteItem(config, facts)] : [];
  return [
    packagesItem(input, facts),
    userItem(config, facts),
    ...folderItems(layoutFolders(config).slice(0, 2), facts),
    ...claimItem(input, owner),
    ...folderItems(layoutFolders(config).slice(2), facts),
    keysItem(input, facts),
    ...(input.uv ? [uvItem(facts)] : []),
    ...folderItems(rootFolders(config), facts),
    ...files,
    servicesItem(config, facts, files.at(-1)!),
    sudo,
    ...site,
    ownerItem(input, facts),
  ];
}

function wantedPackages(input: SetupInput): string[] {
  const { config } = input;
  const always = ["python3", "python3-venv", "sudo", "ca-certificates", "iproute2"];
  const manager = config.server.manager === "supervisord" ? ["supervisor"] : [];
  return [...new Set([...always, ...manager, ...(input.site ? ["nginx"] : []), ...config.packages])];
}

function packagesItem(input: SetupInput, facts: HostFacts): SetupItem {
  const wanted = wantedPackages(input);
  // Any of Debian's flavours of nginx will do.
  const missing = wanted.filter((name) => !facts.packages.has(name) && !(name === "nginx" && facts.nginx));
  const message = missing.length === 0 ? wanted.join(", ") : `apt-get install ${missing.join(" ")}`;
  return item("packages", missing.length === 0, message, "setup-packages.sh", missing);
}

function userItem(config: Config, facts: HostFacts): SetupItem {
  const { user } = config.server;
  const known = facts.users.get(user);
  const group = "systemd-journal";
  const home = `${config.release.path}/shared/home`;
  const message = known ? `${user}, in the group ${group}` : `useradd --system ${user}, home ${home}`;
  const unchanged = known?.groups.includes(group) ?? false;
  return item(`user ${user}`, unchanged, message, "setup-user.sh", [user, home, group]);
}

/** Folders of root's outside the application's. */
function rootFolders(config: Config) {
  const { app } = config;
  const gate = rootFolder("/usr/local/lib/djdeploy", "root", "755");
  return config.server.manager === "supervisord"
    ? [gate, rootFolder(logFolder(app), config.server.user, "750")]
    : [gate];
}

function currentOwner(input: SetupInput, facts: HostFacts): Owner | null {
  const fact = facts.paths.get(layout(input.config.release.path).owner);
  const owner = fact?.type === "file" ? parseOwner(fact.content ?? "") : null;
  if (owner) checkOwner(owner, input.config, input.repository);
  return owner;
}

/** A setup that breaks off leaves a folder that says whose it is, and that setup has to run again. */
function claimItem(input: SetupInput, owner: Owner | null): SetupItem[] {
  if (owner) return [];
  const { owner: path } = layout(input.config.release.path);
  const content = ownerText({ ...ownerOf(input.config, input.repository, input.uv), setup: "unfinished" });
  const parameters = [input.config.server.user, path, "644"];
  return [item("claim", false, `${path}: this folder is ours`, "setup-own-file.sh", parameters, { content })];
}

function ownerItem(input: SetupInput, facts: HostFacts): SetupItem {
  const { owner: path } = layout(input.config.release.path);
  const content = ownerText(ownerOf(input.config, input.repository, input.uv));
  return ownFile(input.config.server.user, path, "644", content, facts);
}

function ownerText(owner: Owner): string {
  return `${JSON.stringify(owner, null, 2)}\n`;
}

/** Where sshd looks for the keys of the user that deploys. */
export function keysPath(input: SetupInput, facts: HostFacts): string {
  const { release, server } = input.config;
  const home = facts.users.get(server.user)?.home ?? `${release.path}/shared/home`;
  return `${home}/.ssh/authorized_keys`;
}

function keysItem(input: SetupInput, facts: HostFacts): SetupItem {
  const { user } = input.config.server;
  const path = keysPath(input, facts);
  const keys = deployKeys({ given: input.deployKeys, login: facts.loginKeys, held: input.heldKeys });
  const before = facts.paths.get(path);
  const content = authorizedKeys(before?.type === "file" ? before.content : null, keys);
  return ownFile(user, path, "600", content, facts);
}

function uvItem(facts: HostFacts): SetupItem {
  const there = facts.uv.get(`${uvFolder}/bin/uv`)?.includes(uvVersion) ?? false;
  const message = there ? `uv ${uvVersion}` : `pip install uv==${uvVersion} into ${uvFolder}`;
  return item("uv", there, message, "setup-uv.sh", [uvFolder, uvVersion]);
}

function servicesItem(config: Config, facts: HostFacts, file: SetupItem): SetupItem {
  const { app } = config;
  if (config.server.manager === "systemd") {
    const units = slots.map((slot) => unitName(app, slot));
    const known = units.every((unit) => facts.units.get(unit)?.enabled && !facts.units.get(unit)?.stale);
    const message = `systemctl daemon-reload; systemctl enable ${units.join(" ")}`;
    return item("services", known && file.unchanged, message, "setup-units.sh", units);
  }
  const programs = slots.map((slot) => programName(app, slot));
  const known = programs.every((program) => facts.programs.has(program));
  const restarts = known ? " (restarts them)" : "";
  const message = `supervisorctl reread; supervisorctl update ${programs.join(" ")}${restarts}`;
  return item("services", known && file.unchanged, message, "setup-programs.sh", programs);
}

function siteItem(config: Config, facts: HostFacts): SetupItem {
  const site = siteOf(config, facts.ipv6);
  refuseForeignSites(config, facts, site);
  const file = rootFile({ ...site, mode: "644", check: "none" }, config, facts, "site");
  const link = facts.paths.get(siteLink(config.app));
  const linked = link?.type === "link" && link.target === `../sites-available/${config.app}`;
  const drops = replacesDefault(facts, site.names);
  const message = `${site.path}, enabled, nginx -t, reload${drops ? "; Debian's untouched default site is disabled" : ""}`;
  return item(
    "nginx",
    file.unchanged && linked && !(drops && facts.nginx),
    message,
    "setup-site.sh",
    [config.app, drops ? "drop" : "keep"],
    { content: site.content, diff: file.diff },
  );
}
