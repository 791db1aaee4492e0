import { userInfo } from "node:os";
import type { RunContext } from "../release/types.ts";
import type { Emit } from "../report/event.ts";
import type { Invocation, Options } from "./command.ts";
import { noMore, splitEnvironment } from "./environment.ts";
import { type Io, interactive } from "./io.ts";
import { confirm } from "./prompt.ts";
import type { CliReporter } from "./reporter/index.ts";
import { findEnvironments, findTargets, loadEnvironment } from "./wiring.ts";

/** A verb's way to the hosts of one environment. */
export interface Session {
  context: RunContext;
  /** The verb's words after the environment. */
  rest: string[];
  reporter: CliReporter;
}

export interface SessionOptions {
  /** The verb takes words besides the environment. */
  further?: boolean;
  /** Who to connect as instead of the deploy user (`setup`). */
  user?: string;
}

/** From the words of a verb to what the core is given: configuration, targets, values, and whom to ask. */
export async function openSession<O extends Options>(
  { io, common, positionals }: Invocation<O>,
  reporter: CliReporter,
  given: Record<string, string>,
  { further = false, user }: SessionOptions,
): Promise<Session> {
  const { file, environments } = await findEnvironments(io, common);
  const { environment, rest } = splitEnvironment(positionals, environments, further);
  if (!further) noMore(rest);
  const config = await loadEnvironment(io, file, environment);
  const emit: Emit = (event) => reporter.event({ time: new Date().toISOString(), ...event });
  const context: RunContext = {
    config,
    emit,
    targets: await findTargets(config, io, common, user ?? null),
    values: onlySecrets(given, config.env.secrets, emit),
    actor: actor(io),
    runUrl: null,
    face: "cli",
    signal: io.signal,
  };
  if (interactive(io) && !common.yes) {
    context.ask = ({ host, port, type, fingerprint }) => {
      const where = port === 22 ? host : `${host}:${port}`;
      const question = `The key of ${where} is not known yet:\n  ${type} ${fingerprint}\nIs it the right one?`;
      return reporter.hold(() => confirm(io, question));
    };
  }
  return { context, rest, reporter };
}

/** A file may hold more than a release needs (a developer's .env): what env.secrets does not name is not sent. */
function onlySecrets(given: Record<string, string>, secrets: string[], emit: Emit): Record<string, string> {
  const unused = Object.keys(given).filter((name) => !secrets.includes(name));
  if (unused.length > 0) {
    const message = `not sent: ${unused.join(", ")} (not named in env.secrets)`;
    emit({ code: "note", level: "warning", message });
  }
  return Object.fromEntries(Object.entries(given).filter(([name]) => secrets.includes(name)));
}

function actor(io: Io): string {
  try {
    return userInfo().username;
  } catch {
    return io.env.USER ?? "unknown";
  }
}
