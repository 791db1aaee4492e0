import type { Config } from "../../config/types.ts";
import { wayTo } from "./acl-items.ts";
import type { HostFacts } from "./facts.ts";
import { refused } from "./guards.ts";
import type { SetupInput } from "./input.ts";
import { item, type SetupItem } from "./item.ts";

/** What only root can install; libpam-systemd starts a systemd for each user. */
export function neededPackages({ packages }: Config): string[] {
  const always = ["python3", "python3-venv", "libpam-systemd", "ca-certificates", "iproute2"];
  return [...new Set([...always, ...packages])];
}

/** Looked at only: what is missing is refused with the command for root. */
export function packagesItem(config: Config, facts: HostFacts): SetupItem {
  const wanted = neededPackages(config);
  const missing = wanted.filter((name) => !facts.packages.has(name));
  if (missing.length > 0) {
    const are = missing.length === 1 ? "is not installed" : "are not installed";
    throw refused("setup.missing-packages", `${missing.join(", ")} ${are}`, {
      expected: wanted.join(", "),
      seen: wanted.filter((name) => facts.packages.has(name)).join(", ") || "none of them",
      hint: `root has to run, once: apt-get install ${missing.join(" ")}`,
    });
  }
  return item("packages", true, wanted.join(", "), "setup-packages.sh", []);
}

/** Where a user's uv is looked for, the user's own first. */
export function uvPlaces(home: string): string[] {
  return [`${home}/.local/bin/uv`, "/usr/local/bin/uv", "/usr/bin/uv"];
}

/** The uv that installs releases; undefined where none is needed. Throws (exit 7) when it is needed and not there. */
export function uvOf(input: SetupInput, home: string, facts: HostFacts): string | undefined {
  if (!input.needs.uv) return undefined;
  const places = uvPlaces(home);
  const found = places.find((path) => facts.uv.has(path));
  if (found) return found;
  const { user } = input.config.server;
  throw refused("setup.no-uv", "the project is installed by uv, and there is none", {
    expected: `one of ${places.join(", ")}`,
    seen: "none",
    hint: `install it as ${user}, which needs no root: https://docs.astral.sh/uv/getting-started/installation/`,
  });
}

/** A folder that the user can not make is refused (exit 7), with one that it can. */
export function checkPlace({ app, release, server }: Config, home: string, facts: HostFacts): void {
  const { user } = server;
  const nearest = wayTo(release.path).findLast((path) => facts.paths.has(path));
  const fact = facts.paths.get(nearest ?? "");
  if (nearest === undefined || nearest === release.path || fact?.type !== "folder") return;
  const [owner, group, others] = [...fact.mode.slice(-3)].map((digit) => (Number(digit) & 2) !== 0);
  const member = facts.users.get(user)?.groups.includes(fact.group);
  if (fact.owner === user ? owner : member ? group : others) return;
  throw refused("setup.no-place", `${user} may not make ${release.path}`, {
    expected: `a folder that ${user} may write`,
    seen: `${nearest} belongs to ${fact.owner}`,
    hint: `set \`release: {path: ${home}/${app}}\``,
  });
}
