import type { Door } from "./door.ts";
import { asUserPath } from "./identities.ts";
import type { Owner } from "./types.ts";
import { rootCommands } from "./wiring.ts";

/**
 * The rules that let the deploy user steer its own two slots: exact commands with all their arguments, no wildcard.
 * A neighbour's unit, another verb or one more argument is refused by sudo. What the application runs as it may be, for
 * whatever it wants to: what it deploys is run by that user anyway. That one has no rule at all.
 */
export function sudoers(options: {
  app: string;
  /** Who it runs as. */
  user: string;
  /** Who deploys it. */
  deployer: string;
  manager: Owner["manager"]["kind"];
  door?: Door;
  processes?: readonly string[];
}): string {
  const { app, user, deployer, manager, door, processes } = options;
  const commands = rootCommands(app, manager, door, processes).map((argv) =>
    // A path alone would allow any arguments.
    argv.length === 1 ? `${argv[0]} ""` : argv.map(escaped).join(" "),
  );
  const lines = commands.map((command) => `${deployer} ALL=(root) NOPASSWD: ${command}\n`);
  return [...lines, `${deployer} ALL=(${user}) NOPASSWD: ${asUserPath(app)}\n`].join("");
}

/** These separate things in sudoers(5). */
function escaped(word: string): string {
  return word.replace(/[,:=\\]/g, "\\$&");
}
