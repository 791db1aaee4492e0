import { layout } from "../../host/layout.ts";
import { checkOwner, parseOwner } from "../../host/owner.ts";
import { type Owner, rootedLayout } from "../../services/types.ts";
import type { HostFacts, PathFact } from "./facts.ts";
import { isAs, ownFile } from "./file-items.ts";
import { ownerOf, unfinished } from "./files.ts";
import type { SetupInput } from "./input.ts";
import { item, type SetupItem } from "./item.ts";
import { unifiedDiff } from "./text.ts";

/**
 * Whose folder it is now; throws (exit 7) when it is not ours. A record of the older layout, which the application could
 * forge, counts only where root has written none: nothing but names that are checked again is taken from it.
 */
export function currentOwner(input: SetupInput, facts: HostFacts): Owner | null {
  const owner = recordOf(input, facts);
  if (owner) checkOwner(owner, input.config, input.repository);
  return owner;
}

/** Whether the only record there is lies where the application could forge it: the host has the older layout. */
export function isOlder({ config }: Pick<SetupInput, "config">, facts: HostFacts): boolean {
  const place = layout(config.release.path);
  return !isRoots(facts.paths.get(place.owner)) && facts.paths.has(place.ownRecord);
}

/** Whether everything on the host still belongs to the user that it runs as. */
export function isOneUsers({ config }: Pick<SetupInput, "config">, facts: HostFacts): boolean {
  const fact = facts.paths.get(layout(config.release.path).owner);
  const before = fact?.type === "file" && isRoots(fact) ? parseOwner(fact.content ?? "") : null;
  return isOlder({ config }, facts) || (before !== null && before.version < rootedLayout);
}

function isRoots(fact: PathFact | undefined): boolean {
  return fact?.type === "file" && fact.owner === "root";
}

function recordOf({ config }: SetupInput, facts: HostFacts): Owner | null {
  const place = layout(config.release.path);
  const roots = facts.paths.get(place.owner);
  if (config.server.scope !== "user" && roots?.type === "file" && isRoots(roots))
    return parseOwner(roots.content ?? "");
  const own = facts.paths.get(place.ownRecord);
  return own?.type === "file" ? parseOwner(own.content ?? "") : null;
}

/** A setup that breaks off leaves a folder that says whose it is, and that setup has to run again. */
export function claimItem(input: SetupInput, owner: Owner | null, uv?: string): SetupItem[] {
  if (owner) return [];
  const { config, repository, needs } = input;
  const content = ownerText({ ...ownerOf(config, repository, needs, uv), setup: unfinished });
  const place = layout(config.release.path);
  if (config.server.scope === "user") {
    const message = `${place.ownRecord}: the folder is ours from now on`;
    const parameters = [config.server.user, place.ownRecord, "644"];
    return [item("claim", false, message, "setup-own-file.sh", parameters, { content })];
  }
  const message = `${place.owner}: the folder is ours from now on`;
  return [item("claim", false, message, "setup-file.sh", [place.owner, "644", "none"], { content })];
}

/** owner.json as it should be; written last, so that it stands for all the rest. */
export function ownerItem(input: SetupInput, facts: HostFacts, uv?: string): SetupItem {
  const place = layout(input.config.release.path);
  const { user, scope } = input.config.server;
  const content = ownerText(ownerOf(input.config, input.repository, input.needs, uv));
  if (scope === "user") return ownFile("owner", user, place.ownRecord, "644", content, facts);
  const fact = facts.paths.get(place.owner);
  const before = fact?.type === "file" ? fact.content : null;
  return item(
    "owner",
    isAs(fact, content, "644", "root"),
    `${place.owner}${fact ? "" : " (new)"} root:root 644`,
    "setup-file.sh",
    [place.owner, "644", "none"],
    { content, diff: unifiedDiff(place.owner, before, content) },
  );
}

function ownerText(owner: Owner): string {
  return `${JSON.stringify(owner, null, 2)}\n`;
}
