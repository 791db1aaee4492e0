import type { Config } from "../../config/types.ts";
import { layout } from "../../host/layout.ts";
import { certbotOf, lineage } from "../../services/certificate.ts";
import { doorOf } from "../../services/door.ts";
import { siteFile, siteLink } from "../../services/nginx.ts";
import { webGroup, webUser } from "../../services/web-group.ts";
import { logFolder } from "../../services/wiring.ts";
import type { HostFacts, Questions } from "./facts.ts";
import { rootFile } from "./file-items.ts";
import { readerFile, serviceFiles, sudoersFile, uvFolder, uvVersion } from "./files.ts";
import { foldersItem, layoutFolders, rootFolder } from "./folders.ts";
import { checkFolder, checkMove, checkWay, otherManagerFile } from "./foreign.ts";
import { checkHost, checkNginx, checkReal } from "./guards.ts";
import type { SetupInput } from "./input.ts";
import { item, type SetupItem } from "./item.ts";
import { keysItem, wantedKeys } from "./key-items.ts";
import {
  checkGroup,
  closingItems,
  currentItem,
  launchersItem,
  mediaItem,
  oldRecordItem,
  ownersItem,
  socketsItem,
  staticItem,
  webGroupItem,
} from "./layout-items.ts";
import { lockFile } from "./lock.ts";
import { claimItem, currentOwner, isOlder, isOneUsers, ownerItem } from "./owner-items.ts";
import { allPrograms, bootUnits, forgetItem, servicesItem } from "./service-items.ts";
import { goneSite, siteItem } from "./site-items.ts";
import { certificateQuestion, tlsPlan } from "./tls/items.ts";
import { planUserSetup, userQuestions } from "./user-plan.ts";
import { checkUsers, denyFile, deployerItem, homeOf, noLoginItem, primaryGroup, userItem } from "./users.ts";

/** What has to be asked of a host before it can be planned for. */
export function questionsFor(input: SetupInput): Questions {
  const { config, home } = input;
  if (home !== null) return userQuestions(input, home);
  const { manager, user, deployer } = config.server;
  const place = layout(config.release.path);
  const folders = [...layoutFolders(config, user), ...rootFolders(config, user)].map((folder) => folder.path);
  const files = [...serviceFiles(config), sudoersFile(config), readerFile(config)].map((file) => file.path);
  const certificate = input.site ? certificateQuestion(config) : null;
  const site = input.site || !servesHere(config) ? [siteFile(config.app), siteLink(config.app)] : [];
  return {
    packages: wantedPackages(input),
    paths: [
      ...[...folders, ...files, ...site, otherManagerFile(config)],
      ...[place.owner, place.ownRecord, place.current, place.media, lockFile(place.own)],
      `${homeOf(config)}/.ssh/authorized_keys`,
      denyFile(config),
      ...(certificate ? [lineage(config.app).renewal] : []),
    ],
    users: [user, deployer, webUser],
    units: manager === "systemd" ? bootUnits(config) : [],
    programs: manager === "supervisord" ? allPrograms(config) : [],
    uv: input.needs.uv ? [`${uvFolder}/bin/uv`] : [],
    ways: [place.path.slice(0, place.path.lastIndexOf("/")) || "/"],
    ...(certificate ? { certificate } : {}),
    groups: [webGroup(config.app), user],
    real: [config.release.path, "/srv", ...config.shared.flatMap(({ target }) => target ?? [])],
  };
}

/**
 * Everything that has to be so on this host, in order, each with whether it is. Throws what stands in the way: a host
 * we do not know, a folder, user, file or site that belongs to somebody else. Nothing has been changed then.
 */
export function planSetup(input: SetupInput, facts: HostFacts): SetupItem[] {
  const { config, home } = input;
  if (home !== null) return planUserSetup(input, home, facts);
  checkHost(facts);
  checkReal(config, facts);
  if (input.site || config.nginx === "print") checkNginx(config, facts);
  checkFolder(config, facts);
  const owner = currentOwner(input, facts);
  checkMove(config, facts, owner);
  checkUsers(config, facts);
  checkGroup(config, facts);
  checkWay(config, facts);
  const oldest = isOlder(input, facts);
  const moving = isOneUsers(input, facts);
  const files = serviceFiles(config, "", (path) => facts.real.get(path) ?? path).map((file) =>
    rootFile(file, config, facts),
  );
  const sudo = rootFile(sudoersFile(config), config, facts);
  const record = ownerItem(input, facts);
  // One that was cut off may have written a file and told nobody that reads it.
  const settled = record.unchanged;
  const site = input.site
    ? siteItems(input, facts, settled)
    : servesHere(config)
      ? []
      : goneSite(config, facts);
  const group = primaryGroup(config, facts);
  const [place, own, ...inside] = layoutFolders(config, group, moving);
  return [
    packagesItem(input, facts),
    userItem(config, facts),
    webGroupItem(config, facts),
    deployerItem(config, facts),
    foldersItem("folder", [place!, own!], facts),
    ...claimItem(input, owner),
    foldersItem("folders", inside, facts),
    ...(moving ? [ownersItem(config)] : []),
    currentItem(config, facts),
    mediaItem(config, facts),
    ...(oldest ? [staticItem(config)] : []),
    ...(input.needs.uv ? [uvItem(facts)] : []),
    foldersItem("root folders", rootFolders(config, group), facts),
    ...readerItem(input, facts),
    keysItem(input, facts),
    ...files,
    ...(moving ? [launchersItem(config)] : []),
    servicesItem(
      config,
      facts,
      files.filter(({ step }) => !["gate", "as", "journal", "control"].includes(step)),
      settled,
    ),
    ...(moving ? [socketsItem(config)] : []),
    ...forgetItem(config, owner),
    ...site,
    ...(moving ? closingItems(config, group, facts) : []),
    sudo,
    noLoginItem(config, wantedKeys(input, facts), facts, settled),
    record,
    ...oldRecordItem(config, facts),
  ];
}

/** The site, and what it shows to HTTPS. A certificate that is still to be got is asked for through the site itself. */
function siteItems(input: SetupInput, facts: HostFacts, settled: boolean): SetupItem[] {
  const { shown, items, again } = tlsPlan(input.config, facts);
  return [
    siteItem(input, facts, settled, shown),
    ...items,
    ...(again ? [siteItem(input, facts, false)] : []),
  ];
}

/** `config` is that of one host: whether a web server runs on it. */
function servesHere({ server }: Config): boolean {
  return doorOf(server).kind !== "none";
}

/** Before the keys that start it, and once it is there kept up to date. */
function readerItem({ config, planKeys }: SetupInput, facts: HostFacts): SetupItem[] {
  const file = readerFile(config);
  return planKeys === null && !facts.paths.has(file.path) ? [] : [rootFile(file, config, facts)];
}

function wantedPackages(input: SetupInput): string[] {
  const { config } = input;
  const always = ["python3", "python3-venv", "sudo", "ca-certificates", "iproute2"];
  const manager = config.server.manager === "supervisord" ? ["supervisor"] : [];
  const tlsPackages =
    typeof config.tls === "string" ? [] : ["openssl", ...(certbotOf(config.tls) ? ["certbot"] : [])];
  return [
    ...new Set([...always, ...manager, ...(input.site ? ["nginx", ...tlsPackages] : []), ...config.packages]),
  ];
}

function packagesItem(input: SetupInput, facts: HostFacts): SetupItem {
  const wanted = wantedPackages(input);
  // Any of Debian's flavours of nginx will do.
  const missing = wanted.filter((name) => !facts.packages.has(name) && !(name === "nginx" && facts.nginx));
  const message = missing.length === 0 ? wanted.join(", ") : `apt-get install ${missing.join(" ")}`;
  return item("packages", missing.length === 0, message, "setup-packages.sh", missing);
}

/** Folders of root's outside the application's. */
function rootFolders(config: Config, group: string) {
  const { app } = config;
  const gate = rootFolder("/usr/local/lib/djdeploy", "root", "755");
  return config.server.manager === "supervisord" ? [gate, rootFolder(logFolder(app), group, "750")] : [gate];
}

function uvItem(facts: HostFacts): SetupItem {
  const there = facts.uv.get(`${uvFolder}/bin/uv`)?.includes(uvVersion) ?? false;
  const message = there ? `uv ${uvVersion}` : `pip install uv==${uvVersion} into ${uvFolder}`;
  return item("uv", there, message, "setup-uv.sh", [uvFolder, uvVersion]);
}
