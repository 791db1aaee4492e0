import { DeployError, ExitCode } from "../../errors.ts";
import { hostFiles } from "../../host/files.gen.ts";
import type { Connection, ExecResult } from "../../ssh/types.ts";
import { fileSaid } from "./file-said.ts";
import { nginxHint } from "./nginx-said.ts";
import { systemHint } from "./system-said.ts";
import { certbotHint } from "./tls/certbot-said.ts";

export type ScriptName = Extract<keyof typeof hostFiles, `setup-${string}.sh`>;

/** Runs the fixed setup scripts with their parameters: as root, or with `scope: user` as that user. */
export interface Root {
  readonly connection: Connection;
  /** Parameters are lines without a line break; `content` follows them as it is. `tell` is handed what it prints, line by line. Rejects when the script fails. */
  run(
    script: ScriptName,
    parameters: string[],
    content?: string,
    tell?: (line: string) => void,
  ): Promise<string>;
  /** The same connection for programs that are started as a user of the host. To close it leaves ours open. */
  as(user: string): Connection;
}

/** Root on a host: the login itself, or sudo, with or without a password. Rejects when neither is there. */
export async function becomeRoot(connection: Connection, sudoPassword: string | null): Promise<Root> {
  if (connection.user === "root") return scriptsOver(connection, "", "");
  const silent = await connection.exec("sudo -n true", { timeoutMs: 30_000 });
  if (silent.code === 0) return scriptsOver(connection, "sudo -n ", "");
  if (sudoPassword === null) throw sudoRefused(connection, silent);
  // -k: a password that sudo remembers from before would leave ours in the script's input, unused.
  const [sudo, first] = ["sudo -k -S -p '' ", `${sudoPassword}\n`];
  const behind = { input: `${first}--\npassed`, timeoutMs: 30_000 };
  const asked = await connection.exec(`${sudo}sh -c ${quoted(`${skip}\ncat`)}`, behind);
  if (asked.code !== 0) throw sudoRefused(connection, asked);
  if (asked.stdout.trim() !== "passed") throw sudoSwallows(connection);
  return scriptsOver(connection, sudo, first);
}

export function scriptsOver(connection: Connection, sudo: string, first: string): Root {
  return {
    connection,
    async run(script, parameters, content = "", tell) {
      const input = `${first}--\n${parameters.map(line).join("")}${content}`;
      const text = hostFiles["setup-start.sh"] + hostFiles[script];
      const result = await connection.exec(`${sudo}sh -c ${quoted(text)}`, {
        input,
        timeoutMs: 1_800_000,
        ...(tell ? { onOutput: linesOf(tell) } : {}),
      });
      if (result.code !== 0) throw scriptFailed(connection, script, result);
      return result.stdout;
    },
    as(user) {
      return {
        ...connection,
        async open(command) {
          const channel = await connection.open(
            `${sudo}sh -c ${quoted(become)} as ${quoted(user)} ${quoted(command)}`,
          );
          channel.stdin.write(`${first}--\n`);
          return channel;
        },
        close: async () => {},
      };
    },
  };
}

/** As in setup-start.sh: what sudo did not need is left out, and nothing of root's goes with it. `read` takes no byte that comes after its line. */
const skip = 'while IFS= read -r line && [ "$line" != -- ]; do :; done';
const become = `${skip}
cd /
exec setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups --no-new-privs --reset-env -- sh -c "$2"`;

function linesOf(tell: (line: string) => void): (chunk: Buffer) => void {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = lines.pop()!.slice(-1_000);
    for (const one of lines) tell(one);
  };
}

function line(parameter: string): string {
  if (/[\n\r\0]/.test(parameter))
    throw new Error(`a line break in a parameter: ${JSON.stringify(parameter)}`);
  return `${parameter}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function scriptFailed(connection: Connection, script: ScriptName, result: ExecResult): DeployError {
  const said = result.stderr.slice(-8_000).trim().split("\n");
  const reason = said.at(-1) || `${script} ended with ${result.code ?? result.signal}`;
  return new DeployError("setup.failed", ExitCode.failed, reason, {
    host: connection.name,
    hint:
      certbotHint(result.stderr) ??
      nginxHint(result.stderr) ??
      systemHint(result.stderr) ??
      "mend the cause and run setup again: it goes on where it stopped",
    ...fileSaid(reason),
    ...(said.length > 1 ? { output: said.slice(-20).join("\n") } : {}),
  });
}

function sudoRefused(connection: Connection, result: ExecResult): DeployError {
  const needsPassword =
    /password is required|a terminal is required|interactive authentication is required/.test(result.stderr);
  return new DeployError(
    "setup.sudo",
    ExitCode.refused,
    `${connection.user} can not become root on ${connection.name}`,
    {
      host: connection.name,
      seen:
        result.stderr.slice(-1_000).trim().split("\n").at(-1) ||
        `sudo ended with ${result.code ?? result.signal}`,
      hint: needsPassword
        ? "give --ask-sudo-password, or come in as root: --user root"
        : "come in as root (--user root) or as a user that may use sudo",
    },
  );
}

/** sudo-rs 0.2 reads more than its line, and what it runs never sees the rest. */
function sudoSwallows(connection: Connection): DeployError {
  return new DeployError(
    "setup.sudo",
    ExitCode.refused,
    `sudo on ${connection.name} keeps for itself what comes after the password`,
    {
      host: connection.name,
      expected: "a sudo that reads no further than the password's line",
      seen: "sudo-rs does not do that",
      hint: `come in as root (--user root), or let ${connection.user} use sudo without a password for as long as setup takes`,
    },
  );
}
