import type { Config } from "../../config/types.ts";
import { usageError } from "../../errors.ts";
import { layout } from "../../host/layout.ts";
import { webGroup } from "../../services/web-group.ts";
import type { HostFacts } from "./facts.ts";
import { refused } from "./guards.ts";
import { item, type SetupItem } from "./item.ts";
import { keyLines, keyName } from "./keys.ts";
import { seal } from "./seal.ts";

/** The home of a running user that setup makes. */
export const homeOf = (config: Config): string => `${layout(config.release.path).shared}/home`;

/** A user that setup makes has a group of its own; one that was there may be in another. Both users are in it. */
export function primaryGroup({ server }: Config, facts: HostFacts): string {
  return facts.users.get(server.user)?.groups[0] ?? server.user;
}

/** Refuses (exit 7) users that were there before and are not for this application. */
export function checkUsers(config: Config, facts: HostFacts): void {
  const { user } = config.server;
  const known = facts.users.get(user);
  const home = homeOf(config);
  if (known?.uid === 0) throw usageError("setup.root-user", "`server.user` may not be root");
  // Below 1000 are the system's own users: postgres, backup, git.
  if (known && known.uid < 1000 && known.home !== home) {
    throw refused("setup.foreign-user", `the user ${user} belongs to the system or to another application`, {
      expected: `no such user, one with the home ${home}, or a person's`,
      seen: `uid ${known.uid}, home ${known.home}`,
      hint: "name another one: `server: {user: …}` in djdeploy.yml",
    });
  }
  checkGroupOf(config, facts);
  checkDeployer(config, facts);
}

/** Code and secrets can be read by the group of both users: nobody else may be in it. */
function checkGroupOf(config: Config, facts: HostFacts): void {
  const { user, deployer } = config.server;
  const name = primaryGroup(config, facts);
  const group = facts.groups.get(name);
  const all = group ? [...new Set([...group.members, ...group.primaryOf])] : [];
  const others = all.filter((one) => one !== user && one !== deployer);
  if (others.length === 0) return;
  throw refused(
    "setup.shared-group",
    `the group ${name} of ${user} is other users' too: ${others.slice(0, 8).join(", ")}`,
    {
      expected: "a group of its own, which may read the application's secrets",
      seen: others.slice(0, 8).join(", "),
      hint: facts.users.has(user)
        ? `give it one (groupadd ${user === name ? `${user}_own` : user} && usermod -g ${user === name ? `${user}_own` : user} ${user}), or name another user: \`server: {user: …}\``
        : "name another user: `server: {user: …}` in djdeploy.yml",
    },
  );
}

function checkDeployer(config: Config, facts: HostFacts): void {
  const { user, deployer } = config.server;
  const { home } = layout(config.release.path);
  const group = primaryGroup(config, facts);
  const known = facts.users.get(deployer);
  if (deployer === user) {
    throw usageError("setup.one-user", `${user} would both deploy the application and run it`, {
      hint: "leave the user out of hosts: (setup makes one to log in as), or name another one",
    });
  }
  if (!known || (known.uid !== 0 && known.home === home && known.groups[0] === group)) return;
  throw refused(
    "setup.foreign-user",
    `the user ${deployer}, who is to deploy, is there already for somebody else`,
    {
      expected: `no such user, or one with the home ${home} and the group ${group}, as setup makes it`,
      seen: `uid ${known.uid}, home ${known.home}, group ${known.groups[0]}`,
      hint: `name one that setup can make: \`hosts: [OTHER@HOST]\` in djdeploy.yml`,
    },
  );
}

/** Who it runs as. */
export function userItem(config: Config, facts: HostFacts): SetupItem {
  const { user } = config.server;
  const known = facts.users.get(user);
  // An older setup put it there: the whole host's journal was open to it.
  const journal = "systemd-journal";
  const home = homeOf(config);
  const reads = known?.groups.includes(journal) ?? false;
  const message = reads
    ? `${user} leaves the group ${journal}`
    : known
      ? `${user}, which it runs as`
      : `useradd --system ${user}, which it runs as, without a login, home ${home}`;
  return item("user", known !== undefined && !reads, message, "setup-user.sh", [user, home, journal]);
}

/** Who deploys it. Needs the running user and nginx's group. */
export function deployerItem(config: Config, facts: HostFacts): SetupItem {
  const { user, deployer } = config.server;
  const { home } = layout(config.release.path);
  const group = webGroup(config.app);
  const known = facts.users.get(deployer);
  const message = known
    ? `${deployer}, which deploys it`
    : `useradd --system -g ${primaryGroup(config, facts)} -G ${group} ${deployer}, which deploys it, home ${home}`;
  const parameters = [deployer, user, home, group];
  return item("deployer", known?.groups.includes(group) ?? false, message, "setup-deployer.sh", parameters);
}

/** By which sshd lets the running user in with no key: the application could put one into its home. */
export function denyFile({ app }: Config): string {
  return `/etc/ssh/sshd_config.d/djdeploy-${app}.conf`;
}

/**
 * The running user loses the login that an older setup gave it. Its keys are not carried over to the user that deploys:
 * a broken-into application could have written them. `wanted` are those that may deploy from now on; `settled`: the last
 * setup came to its end, so that sshd was told.
 */
export function noLoginItem(config: Config, wanted: string[], facts: HostFacts, settled: boolean): SetupItem {
  const { user } = config.server;
  const home = homeOf(config);
  const known = facts.users.get(user);
  if (known && known.home !== home) {
    const message = `${user} was there before: its home ${known.home}, its keys and its groups stay, and are open to what runs as it`;
    return item("no login", true, message, "setup-no-login.sh", []);
  }
  const keys = facts.paths.get(`${home}/.ssh/authorized_keys`);
  const open = known === undefined || !known.shell.endsWith("/nologin");
  const message = `${user} can not log in`;
  const denied = facts.paths.get(denyFile(config));
  const content = seal(`DenyUsers ${user}\n`, config.app, config.environment);
  const closed = denied?.type === "file" && denied.content === content;
  if (settled && !open && closed && keys === undefined)
    return item("no login", true, message, "setup-no-login.sh", []);
  const there = new Set(wanted.map(keyName));
  const left = keyLines(keys?.type === "file" ? (keys.content ?? "") : "").filter(
    (line) => !there.has(keyName(line)),
  );
  const shown = left.map((line) => `${keyName(line)} (${commentOf(line)})`).join(", ");
  const add = `djdeploy setup ${config.environment} --user root --ci-key FILE.pub`;
  const kept =
    left.length === 0
      ? ""
      : `; these keys of it deploy no more, because what it runs could have added them: ${shown}; to let one deploy: ${add}`;
  const parameters = [user, home, denyFile(config)];
  return item("no login", false, message + kept, "setup-no-login.sh", parameters, { content });
}

function commentOf(line: string): string {
  return /AAAA[A-Za-z0-9+/=]+\s+(.+)$/.exec(line)?.[1]?.slice(0, 80) ?? "no comment";
}
