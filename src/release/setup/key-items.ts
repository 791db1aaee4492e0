import { layout } from "../../host/layout.ts";
import type { HostFacts } from "./facts.ts";
import { ownFile } from "./file-items.ts";
import { readerPath } from "./files.ts";
import type { SetupInput } from "./input.ts";
import type { SetupItem } from "./item.ts";
import { authorizedKeys, deployKeys, keyBlob, readingLine, requireRights } from "./keys.ts";

/** Where sshd looks for the keys of the user that deploys. */
export function keysPath(input: SetupInput, facts: HostFacts): string {
  const { release, server } = input.config;
  const home = facts.users.get(server.deployer)?.home ?? layout(release.path).home;
  return `${home}/.ssh/authorized_keys`;
}

/** Whether we hold a key that may deploy, so that its login can be tried. */
export function canLogin(input: SetupInput, facts: HostFacts): boolean {
  const keys = deployKeys({ given: input.deployKeys, login: facts.loginKeys, held: input.heldKeys });
  return keys.some((key) => input.heldKeys.includes(keyBlob(key)));
}

/** The lines that are to be in it. */
export function wantedKeys(input: SetupInput, facts: HostFacts): string[] {
  return [
    ...deployKeys({ given: input.deployKeys, login: facts.loginKeys, held: input.heldKeys }),
    ...(input.planKeys ?? []).map((key) => readingLine(key, readerPath(input.config))),
  ];
}

export function keysItem(input: SetupInput, facts: HostFacts): SetupItem {
  const { deployer } = input.config.server;
  const path = keysPath(input, facts);
  const before = facts.paths.get(path);
  const text = before?.type === "file" ? (before.content ?? null) : null;
  const wanted = wantedKeys(input, facts);
  requireRights(text, wanted);
  const content = authorizedKeys(text, wanted);
  return ownFile("deploy keys", deployer, path, "600", content, facts);
}
