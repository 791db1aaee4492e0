import { layout } from "../../host/layout.ts";
import { checkOwner, parseOwner } from "../../host/owner.ts";
import type { Owner } from "../../services/types.ts";
import type { HostFacts } from "./facts.ts";
import { ownFile } from "./file-items.ts";
import { ownerOf, unfinished } from "./files.ts";
import type { SetupInput } from "./input.ts";
import { item, type SetupItem } from "./item.ts";

/** Whose folder it is now; throws (exit 7) when it is not ours. */
export function currentOwner(input: SetupInput, facts: HostFacts): Owner | null {
  const fact = facts.paths.get(layout(input.config.release.path).owner);
  const owner = fact?.type === "file" ? parseOwner(fact.content ?? "") : null;
  if (owner) checkOwner(owner, input.config, input.repository);
  return owner;
}

/** A setup that breaks off leaves a folder that says whose it is, and that setup has to run again. */
export function claimItem(input: SetupInput, owner: Owner | null, uv?: string): SetupItem[] {
  if (owner) return [];
  const { owner: path } = layout(input.config.release.path);
  const { config, repository, needs } = input;
  const content = ownerText({ ...ownerOf(config, repository, needs, uv), setup: unfinished });
  const parameters = [input.config.server.user, path, "644"];
  return [
    item("claim", false, `${path}: the folder is ours from now on`, "setup-own-file.sh", parameters, {
      content,
    }),
  ];
}

/** owner.json as it should be; written last, so that it stands for all the rest. */
export function ownerItem(input: SetupInput, facts: HostFacts, uv?: string): SetupItem {
  const { owner: path } = layout(input.config.release.path);
  const content = ownerText(ownerOf(input.config, input.repository, input.needs, uv));
  return ownFile("owner", input.config.server.user, path, "644", content, facts);
}

function ownerText(owner: Owner): string {
  return `${JSON.stringify(owner, null, 2)}\n`;
}
