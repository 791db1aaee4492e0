import type { Readable, Writable } from "node:stream";
import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import { layout } from "../host/layout.ts";
import { commandLine } from "../host/quote.ts";
import { leaderOf } from "../plan/roles.ts";
import { asUserPath } from "../services/identities.ts";
import { connect } from "../ssh/connect.ts";
import type { Connection } from "../ssh/types.ts";
import type { RunContext } from "./types.ts";

/**
 * Runs a command in the live release of one host, the first that serves the web, with its environment; resolves with its exit code.
 * `manage.py ARGS` and `python ARGS` are the release's own.
 */
export async function run(
  context: RunContext,
  argv: string[],
  streams: { stdin: Readable; stdout: Writable; stderr: Writable },
): Promise<number> {
  const target = leaderOf(context.config, context.targets);
  const connection = await connect(target, {
    signal: context.signal,
    ...(context.ask ? { ask: context.ask } : {}),
  });
  const stop = () => void connection.close();
  try {
    context.signal.addEventListener("abort", stop);
    const channel = await connection.open(launchCommand(context.config, launchWords(argv)));
    channel.stdin.on("error", () => {});
    streams.stdin.pipe(channel.stdin);
    channel.stdout.pipe(streams.stdout, { end: false });
    channel.stderr.pipe(streams.stderr, { end: false });
    const { code, signal } = await channel.closed;
    if (code === 127 || code === 126) await requireLive(context, connection, target.name);
    // SSH has 32 bits for it, of which this machine would keep the lowest eight: 256 would be success.
    if (code !== null && code <= 255) return code;
    const odd = code === null ? null : `exit code ${code}`;
    throw new DeployError(
      "run.ended",
      ExitCode.failed,
      `the command on ${target.name} ended without an exit code${odd ? " that a process can have" : ""}`,
      {
        host: target.name,
        seen: odd ?? (signal ? `signal ${signal}` : "the connection was lost"),
      },
    );
  } finally {
    context.signal.removeEventListener("abort", stop);
    // Who types goes on to do so: nobody reads it any more.
    streams.stdin.unpipe();
    streams.stdin.pause();
    await connection.close();
  }
}

/** As the user that it runs as; where the host has one user for both, that one. */
function launchCommand({ app, release, server }: Config, words: string[]): string {
  const command = commandLine([`${layout(release.path).current}/.djdeploy/launch`, ...words]);
  if (server.scope === "user") return `exec ${command}`;
  const as = asUserPath(app);
  const other = commandLine(["sudo", "-n", "-u", server.user, as]);
  return `if [ -x ${as} ]; then exec ${other} ${command}; else exec ${command}; fi`;
}

function launchWords(argv: string[]): string[] {
  const [first = "", ...rest] = argv;
  if (first === "manage.py" || first === "./manage.py") return ["manage", ...rest];
  if (first === "python" || first === "python3") {
    return rest[0] === "manage.py" ? ["manage", ...rest.slice(1)] : ["python", ...rest];
  }
  return ["exec", ...argv];
}

/** "Not found" is the command's own answer, unless it is the launcher that is not there. */
async function requireLive(
  context: RunContext,
  connection: Pick<Connection, "exec">,
  host: string,
): Promise<void> {
  const path = layout(context.config.release.path).current;
  const there = await connection.exec(`test -x ${commandLine([`${path}/.djdeploy/launch`])}`, {
    timeoutMs: 30_000,
  });
  if (there.code === 0) return;
  throw new DeployError(
    "run.nothing-live",
    ExitCode.failed,
    `nothing is live on ${host}: there is no release to run it in`,
    {
      host,
      hint: `djdeploy deploy ${context.config.environment}`,
    },
  );
}
