import { layout } from "../../host/layout.ts";
import { userUnits } from "../../services/systemd.ts";
import { webUser } from "../../services/web-group.ts";
import { wayTo, webAclItem } from "./acl-items.ts";
import type { HostFacts, Questions } from "./facts.ts";
import { rootFile } from "./file-items.ts";
import { readerFile, serviceFiles } from "./files.ts";
import { foldersItem, layoutFolders } from "./folders.ts";
import { checkFolder, checkScope } from "./foreign.ts";
import { checkHost, checkReal } from "./guards.ts";
import type { SetupInput } from "./input.ts";
import { item, type SetupItem } from "./item.ts";
import { keysItem } from "./key-items.ts";
import { claimItem, currentOwner, ownerItem } from "./owner-items.ts";
import { bootUnits, forgetItem, servicesItem } from "./service-items.ts";
import { checkPlace, neededPackages, packagesItem, uvOf, uvPlaces } from "./user-needs.ts";

/** `scope: user`: what has to be asked of a host before it can be planned for. */
export function userQuestions(input: SetupInput, home: string): Questions {
  const { config } = input;
  const { user } = config.server;
  const place = layout(config.release.path);
  const folders = layoutFolders(config, user).map((folder) => folder.path);
  const files = [...serviceFiles(config, home), readerFile(config)].map((file) => file.path);
  const way = wayTo(config.release.path);
  return {
    packages: neededPackages(config),
    paths: [...new Set([...way, ...folders, ...files, place.ownRecord, userUnits(home), lingerFile(user)])],
    users: [user, webUser],
    units: bootUnits(config),
    programs: [],
    uv: input.needs.uv ? uvPlaces(home) : [],
    acls: way,
    real: [config.release.path],
  };
}

/**
 * `scope: user`: everything that has to be so, all of it the user's own. What only root can do is looked at and refused
 * with the command for root (exit 7); nothing has been changed then.
 */
export function planUserSetup(input: SetupInput, home: string, facts: HostFacts): SetupItem[] {
  const { config } = input;
  const { user } = config.server;
  checkHost(facts);
  checkReal(config, facts);
  checkPlace(config, home, facts);
  checkFolder(config, facts);
  const owner = currentOwner(input, facts);
  checkScope(config, owner);
  const files = serviceFiles(config, home).map((file) => rootFile(file, config, facts, "file", user));
  const [place, own, ...inside] = layoutFolders(config, facts.users.get(user)?.groups[0] ?? user);
  const uv = uvOf(input, home, facts);
  const record = ownerItem(input, facts, uv);
  return [
    packagesItem(config, facts),
    lingerItem(user, facts),
    foldersItem("folder", [place!, own!], facts),
    ...claimItem(input, owner, uv),
    foldersItem("folders", inside, facts),
    ...webAclItem(config, facts),
    ...readerItem(input, facts),
    keysItem(input, facts),
    unitsFolderItem(userUnits(home), user, facts),
    ...files,
    servicesItem(config, facts, files.slice(1), record.unchanged),
    ...forgetItem(config, owner),
    record,
  ];
}

/** logind's own mark, which everybody may see. */
const lingerFile = (user: string) => `/var/lib/systemd/linger/${user}`;

function lingerItem(user: string, facts: HostFacts): SetupItem {
  const lingers = facts.paths.has(lingerFile(user));
  const message = `loginctl enable-linger: ${user}'s services start with the host and outlive its logins`;
  const linger = item("linger", lingers, message, "setup-linger.sh", [user]);
  const failure = { code: "setup.no-linger", hint: `root has to run, once: loginctl enable-linger ${user}` };
  return { ...linger, failure };
}

function readerItem({ config, planKeys }: SetupInput, facts: HostFacts): SetupItem[] {
  const file = readerFile(config);
  if (planKeys === null && !facts.paths.has(file.path)) return [];
  return [rootFile(file, config, facts, "file", config.server.user)];
}

/** A folder that is there keeps its mode: other units of the user lie in it. */
function unitsFolderItem(path: string, user: string, facts: HostFacts): SetupItem {
  const there = facts.paths.get(path)?.type === "folder";
  const group = facts.users.get(user)?.groups[0] ?? user;
  return item("units", there, path, "setup-folders.sh", there ? [] : [path, user, group, "755", user]);
}
