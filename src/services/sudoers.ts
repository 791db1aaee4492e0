import type { Door } from "./door.ts";
import type { Owner } from "./types.ts";
import { rootCommands } from "./wiring.ts";

/**
 * The rules that let the deploy user steer its own two slots: exact commands with all their arguments, no wildcard.
 * A neighbour's unit, another verb or one more argument is refused by sudo.
 */
export function sudoers(options: {
  app: string;
  user: string;
  manager: Owner["manager"]["kind"];
  door?: Door;
  processes?: readonly string[];
}): string {
  const { app, manager, door, processes } = options;
  const commands = rootCommands(app, manager, door, processes).map((argv) =>
    // A path alone would allow any arguments.
    argv.length === 1 ? `${argv[0]} ""` : argv.map(escaped).join(" "),
  );
  const lines = commands.map((command) => `${options.user} ALL=(root) NOPASSWD: ${command}\n`);
  return lines.join("");
}

/** These separate things in sudoers(5). */
function escaped(word: string): string {
  return word.replace(/[,:=\\]/g, "\\$&");
}
