import { userInfo } from "node:os";
import { ExitCode } from "../errors.ts";
import type { Outcome, RunContext } from "../release/types.ts";
import { earlyReport } from "../report/early.ts";
import type { Emit } from "../report/event.ts";
import type { Paint } from "../report/paint.ts";
import { createRedactor, redactDeep } from "../report/redact.ts";
import { reportEnding } from "../report/reporter.ts";
import type { Invocation, Options } from "./command.ts";
import { noMore, splitEnvironment } from "./environment.ts";
import { shown } from "./failure.ts";
import { type Io, interactive } from "./io.ts";
import { confirm } from "./prompt.ts";
import { type CliReporter, createReporter, paintFor } from "./reporter/index.ts";
import { givenValues } from "./values.ts";
import { findEnvironments, findTargets, loadEnvironment } from "./wiring.ts";

/** A verb's way to the hosts of one environment. */
export interface Session {
  context: RunContext;
  /** The verb's words after the environment. */
  rest: string[];
  reporter: CliReporter;
}

/** Whether the verb takes words besides the environment. */
interface Words {
  further?: boolean;
}

/** Runs a verb that acts: progress while it goes, the report after; resolves with the exit code. */
export async function act<O extends Options>(
  invocation: Invocation<O>,
  work: (session: Session) => Promise<Outcome>,
): Promise<number> {
  return withReporter(invocation, async (reporter, values) => {
    const { report, error } = await open(invocation, reporter, values, {})
      .then(work)
      .catch((thrown): Outcome => {
        const early = shown(thrown, invocation.common.verbose);
        return { report: earlyReport(early, invocation.positionals[0] ?? ""), error: early };
      });
    reporter.end(reportEnding(report, error));
    return error?.exitCode ?? ExitCode.done;
  });
}

/** Runs a verb that shows something: JSON as the contract has it, or text made by `render`. */
export async function view<O extends Options, V>(
  invocation: Invocation<O>,
  words: Words,
  work: (session: Session) => Promise<V>,
  render: (view: V, paint: Paint) => string,
): Promise<number> {
  const { io, common } = invocation;
  return withReporter(invocation, async (reporter, values) => {
    const session = await open(invocation, quietReporter(reporter, common.format), values, words);
    const result = await work(session);
    reporter.close();
    const redact = createRedactor(Object.values(values));
    io.stdout.write(
      common.format === "json"
        ? `${JSON.stringify(redactDeep(result, redact))}\n`
        : redact(render(result, paintFor(io, common, io.stdout))),
    );
    return ExitCode.done;
  });
}

/** Runs a verb that has the terminal for itself (`logs`, `run`): only warnings are shown, on stderr. */
export async function stream<O extends Options>(
  invocation: Invocation<O>,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const { io, common } = invocation;
  const pretty = { ...common, format: common.format === "github" ? common.format : null };
  const beside = { ...io, stdout: io.stderr };
  return withReporter({ ...invocation, common: pretty, io: beside }, async (reporter, values) =>
    work(
      await open({ ...invocation, common: pretty, io }, quietReporter(reporter, null), values, {
        further: true,
      }),
    ),
  );
}

async function withReporter<O extends Options>(
  { io, common }: Invocation<O>,
  work: (reporter: CliReporter, values: Record<string, string>) => Promise<number>,
): Promise<number> {
  const values = await givenValues(io, common);
  const reporter = createReporter(io, common, createRedactor(Object.values(values)));
  try {
    return await work(reporter, values);
  } catch (thrown) {
    const error = shown(thrown, common.verbose);
    reporter.error(error);
    return error.exitCode;
  } finally {
    reporter.close();
  }
}

async function open<O extends Options>(
  { io, common, positionals }: Invocation<O>,
  reporter: CliReporter,
  given: Record<string, string>,
  { further = false }: Words,
): Promise<Session> {
  const { file, environments } = await findEnvironments(io, common);
  const { environment, rest } = splitEnvironment(positionals, environments, further);
  if (!further) noMore(rest);
  const config = await loadEnvironment(io, file, environment);
  const emit: Emit = (event) => reporter.event({ time: new Date().toISOString(), ...event });
  const values = onlySecrets(given, config.env.secrets, emit);
  const context: RunContext = {
    config,
    emit,
    targets: await findTargets(config, io, common),
    values,
    actor: actor(io),
    runUrl: null,
    face: "cli",
    signal: io.signal,
  };
  if (interactive(io) && !common.yes) {
    context.ask = ({ host, port, type, fingerprint }) =>
      reporter.hold(() =>
        confirm(
          io,
          `The key of ${host}${port === 22 ? "" : `:${port}`} is not known yet.\n${type} ${fingerprint}\nIs it the right one?`,
        ),
      );
  }
  return { context, rest, reporter };
}

/** A file may hold more than a release needs (a developer's .env): what env.secrets does not name is not sent. */
function onlySecrets(given: Record<string, string>, secrets: string[], emit: Emit): Record<string, string> {
  const unused = Object.keys(given).filter((name) => !secrets.includes(name));
  if (unused.length > 0) {
    emit({
      code: "note",
      level: "warning",
      message: `not sent: ${unused.join(", ")} (not named in env.secrets)`,
    });
  }
  return Object.fromEntries(Object.entries(given).filter(([name]) => secrets.includes(name)));
}

/** Views print one thing; of what happens on the way only warnings matter, and JSON stays one object. */
function quietReporter(reporter: CliReporter, format: string | null): CliReporter {
  return {
    ...reporter,
    event(event) {
      if (format === "json") return;
      if (event.level === "warning" || event.level === "error") reporter.event(event);
    },
  };
}

function actor(io: Io): string {
  try {
    return userInfo().username;
  } catch {
    return io.env.USER ?? "unknown";
  }
}
