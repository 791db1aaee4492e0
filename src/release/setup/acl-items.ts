import type { Config } from "../../config/types.ts";
import { doorOf } from "../../services/door.ts";
import { webUser } from "../../services/web-group.ts";
import { aclOf, mayEnter, withEntry } from "./acl.ts";
import type { HostFacts } from "./facts.ts";
import { item, type SetupItem } from "./item.ts";

/** The folders on the way to the application, from the top, itself included. */
export function wayTo(path: string): string[] {
  const parts = path.split("/").filter(Boolean);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

/**
 * Behind nginx without root: nginx's user may enter the folders on the way to the socket that belong to the user, and
 * nobody else may. A home is closed to all others on Debian, and only root could put nginx into a group.
 */
export function webAclItem(config: Config, facts: HostFacts): SetupItem[] {
  const web = facts.users.get(webUser);
  if (doorOf(config.server).kind !== "link" || !web) return [];
  const { user } = config.server;
  const own = config.release.path;
  const closed = wayTo(own).flatMap((path) => {
    const fact = facts.paths.get(path);
    if (fact && (fact.type !== "folder" || fact.owner !== user)) return [];
    // Before the first setup the application's folder is not there: it is made with this mode.
    const acl = aclOf(facts.acls.get(path) ?? "", path === own ? "710" : (fact?.mode ?? "755"));
    const member = fact !== undefined && web.groups.includes(fact.group);
    return mayEnter(acl, web.uid, member) ? [] : [{ path, acl: withEntry(acl, web.uid) }];
  });
  const shown = closed.map(({ path }) => path).join(", ");
  const message = `nginx's user may enter ${shown || "the application's folder"} (access list), other users may not`;
  const parameters = closed.flatMap(({ path, acl }) => [path, acl]);
  return [item("way for nginx", closed.length === 0, message, "setup-acl.sh", parameters)];
}
