import type { Config } from "../../config/types.ts";
import { DeployError, ExitCode, usageError } from "../../errors.ts";
import type { Connection } from "../../ssh/types.ts";
import { type Root, scriptsOver } from "./root.ts";

/**
 * `scope: user`: the setup scripts run as the user that deploys, who is the one that comes in. Resolves with its home too.
 * Rejects (exit 2) when somebody else came in.
 */
export async function asOneself(
  connection: Connection,
  config: Config,
): Promise<{ root: Root; home: string }> {
  const { user } = config.server;
  if (connection.user !== user) {
    throw usageError("setup.other-login", "with scope: user an application is set up by its own user", {
      host: connection.name,
      expected: `to come in as ${user} (server.user)`,
      seen: connection.user,
      hint: `leave --user out, or set server: {user: ${connection.user}}`,
    });
  }
  const answer = await connection.exec('getent passwd "$(id -u)"', { timeoutMs: 30_000 });
  const home = answer.stdout.trim().split(":")[5] ?? "";
  if (answer.code === 0 && home.startsWith("/")) return { root: scriptsOver(connection, "", ""), home };
  throw new DeployError(
    "setup.no-account",
    ExitCode.failed,
    `${connection.name} does not know its user ${user}`,
    {
      host: connection.name,
      seen: (answer.stdout + answer.stderr).trim() || `exit code ${answer.code}`,
    },
  );
}
