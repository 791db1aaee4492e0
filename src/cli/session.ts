import { userInfo } from "node:os";
import type { Config } from "../config/types.ts";
import type { RunContext } from "../release/types.ts";
import type { Emit } from "../report/event.ts";
import type { Redactor } from "../report/redact.ts";
import { unhiddenNote } from "../report/unhidden.ts";
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
  /** For values that come on another way than `--env-file`: hidden from here on, or said that they can not be. */
  hide(values: Record<string, string>): void;
}

export interface SessionOptions {
  /** The verb takes words besides the environment. */
  further?: boolean;
  /** Who to connect as instead of the deploy user (`setup`); null = the deploy user all the same. */
  user?: (config: Config) => string | null;
}

/** What a verb was given to keep secret. */
export interface Given {
  /** Of `--env-file`. */
  values: Record<string, string>;
  /** Hides them, and what becomes known later, in everything that is shown. */
  hidden: Redactor;
}

/** From the words of a verb to what the core is given: configuration, targets, values, and whom to ask. */
export async function openSession<O extends Options>(
  { io, common, positionals }: Invocation<O>,
  reporter: CliReporter,
  { values, hidden }: Given,
  { further = false, user }: SessionOptions,
): Promise<Session> {
  const { file, environments } = await findEnvironments(io, common);
  const { environment, rest } = splitEnvironment(positionals, environments, further);
  if (!further) noMore(rest);
  const config = await loadEnvironment(io, file, environment);
  const emit: Emit = (event) => reporter.event({ time: new Date().toISOString(), ...event });
  const targets = await findTargets(config, io, common, user?.(config) ?? null);
  hidden.add(targets.flatMap(({ keys }) => keys.map(({ text }) => text)));
  const context: RunContext = {
    config,
    emit,
    targets,
    values,
    redact: hidden.redact,
    hide: hidden.add,
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
  const hide = (more: Record<string, string>) => {
    hidden.add(Object.values(more));
    const message = unhiddenNote(more);
    if (message !== null) emit({ code: "note", level: "warning", message });
  };
  hide(values);
  return { context, rest, reporter, hide };
}

function actor(io: Io): string {
  try {
    return userInfo().username;
  } catch {
    return io.env.USER ?? "unknown";
  }
}
