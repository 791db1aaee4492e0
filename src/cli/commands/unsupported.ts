import { notYetSupported } from "../../errors.ts";
import type { Command } from "../command.ts";

/** Verbs of the contract that are not built yet: refused with exit code 2. */
export const unsupportedCommands: Command[] = [
  unsupported("backup", "back up the database", "[ENV]", "djdeploy backup production"),
  unsupported("restore", "restore the database", "[ENV] FILE", "djdeploy restore production backup.sqlite3"),
];

function unsupported(name: string, summary: string, usage: string, example: string): Command {
  return {
    name,
    summary,
    usage,
    example,
    options: {},
    unsupported: true,
    run: async () => {
      throw notYetSupported(`djdeploy ${name}`);
    },
  };
}
