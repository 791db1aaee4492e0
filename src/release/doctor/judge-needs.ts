import type { Config } from "../../config/types.ts";
import { finding } from "./finding.ts";
import type { Finding, Looked } from "./types.ts";
import { wantedCommands } from "./wanted.ts";

/** What a deploy has to be allowed. */
export function ofSudo(config: Config, { system }: Looked): Finding[] {
  const commands = wantedCommands(config);
  if ("unknown" in system || commands.length === 0) return [];
  const refused = commands.filter((_, at) => system.sudo[at] === false);
  if (refused.length === 0) return [finding("sudo", "ok", `${commands.length} rules of sudo's`)];
  return refused.map((argv) =>
    finding("sudo", "error", `sudo does not let the deploying user run: ${argv.join(" ")}`, {
      expected: `the rules of /etc/sudoers.d/djdeploy-${config.app}, and none behind them that forbids it`,
      fix: `djdeploy setup ${config.environment} --user root; sudo -l -U ${config.server.deployer} on the host shows what counts`,
    }),
  );
}

/** What the live release has to reach. */
export function ofDatabases({ environment }: Config, { databases }: Looked): Finding[] {
  if (databases === null) return [];
  if ("unknown" in databases)
    return [
      finding("database", "error", "the live release can not ask its databases", {
        seen: databases.unknown,
        fix: `djdeploy logs ${environment}`,
      }),
    ];
  return Object.entries(databases.databases ?? {}).map(([alias, { engine, unknown }]) =>
    unknown === null
      ? finding("database", "ok", `${alias} (${engine.split(".").pop()}) answers`)
      : finding("database", "error", `the database ${alias} does not answer`, {
          expected: `an answer to ${engine}, asked by the live release`,
          seen: unknown,
          fix: "is its server up, and are the values of the release right? djdeploy env ENV shows which it has",
        }),
  );
}
