import type { Config } from "../config/types.ts";
import { ExitCode } from "../errors.ts";
import { readProject } from "../project/index.ts";
import type { Project } from "../project/types.ts";
import { earlyReport } from "../report/early.ts";
import type { Emit } from "../report/event.ts";
import { jsonText } from "../report/json-text.ts";
import type { Paint } from "../report/paint.ts";
import { printed } from "../report/printed.ts";
import { growingRedactor, redactDeep } from "../report/redact.ts";
import { type Ending, reportEnding } from "../report/reporter.ts";
import { visibleDeep } from "../report/visible.ts";
import { unforeseenLine } from "../unforeseen.ts";
import type { Invocation, Options } from "./command.ts";
import { shown } from "./failure.ts";
import { localConfig } from "./local.ts";
import { type CliReporter, createReporter, paintFor } from "./reporter/index.ts";
import { type Given, openSession, type Session, type SessionOptions } from "./session.ts";
import { givenValues } from "./values.ts";

/** Runs a verb that acts: progress while it goes, the ending after; resolves with the exit code. */
export async function act<O extends Options>(
  invocation: Invocation<O>,
  options: SessionOptions,
  work: (session: Session) => Promise<Ending>,
): Promise<number> {
  return withReporter(invocation, async (reporter, given) => {
    const ending = await openSession(invocation, reporter, given, options)
      .then(work)
      .catch((thrown): Ending => {
        const error = shown(thrown, invocation.common.verbose);
        return reportEnding(earlyReport(error, invocation.positionals[0] ?? ""), error);
      });
    try {
      reporter.end(ending);
    } catch (thrown) {
      // What was done stays done: the exit code is that of the verb.
      const { io } = invocation;
      io.stderr.write(`what is shown above is not complete (internal: ${unforeseenLine(thrown)})\n`);
    }
    return ending.error?.exitCode ?? ExitCode.done;
  });
}

/** Runs a verb of this machine alone (test, build) on the project of a commit; it is given no secret. */
export async function actHere<O extends Options>(
  invocation: Invocation<O>,
  revision: string | null,
  work: (config: Config, project: Project, emit: Emit) => Promise<Ending>,
): Promise<number> {
  return withReporter(invocation, async (reporter) => {
    const config = await localConfig(invocation);
    const project = await readProject(config, revision);
    const emit: Emit = (event) => reporter.event({ time: new Date().toISOString(), ...event });
    const ending = await work(config, project, emit);
    reporter.end(ending);
    return ending.error?.exitCode ?? ExitCode.done;
  });
}

/** Runs a verb that shows something: JSON as the contract has it, or text made by `render`. Resolves with `code`. */
export async function view<O extends Options, V>(
  invocation: Invocation<O>,
  options: SessionOptions,
  work: (session: Session) => Promise<V>,
  render: (view: V, paint: Paint) => string,
  code: (view: V) => ExitCode = () => ExitCode.done,
): Promise<number> {
  const { io, common } = invocation;
  return withReporter(invocation, async (reporter, given) => {
    const session = await openSession(invocation, warningsOnly(reporter, common.format), given, options);
    const result = await work(session);
    reporter.close();
    const { redact } = given.hidden;
    const paint = paintFor(io, common, io.stdout);
    io.stdout.write(
      common.format === "json"
        ? `${jsonText(redactDeep(result, redact))}\n`
        : redact(printed(render(visibleDeep(redactDeep(result, redact) as V), paint), paint)),
    );
    return code(result);
  });
}

/** Runs a verb that has standard output for itself (`logs`, `run`): warnings and errors go to stderr. */
export async function stream<O extends Options>(
  invocation: Invocation<O>,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const { io } = invocation;
  const common = { ...invocation.common, format: null };
  const beside = { ...invocation, common, io: { ...io, stdout: io.stderr } };
  return withReporter(beside, async (reporter, given) =>
    work(
      await openSession({ ...invocation, common }, warningsOnly(reporter, null), given, { further: true }),
    ),
  );
}

async function withReporter<O extends Options>(
  { io, common }: Invocation<O>,
  work: (reporter: CliReporter, given: Given) => Promise<number>,
): Promise<number> {
  const hidden = io.hidden ?? growingRedactor();
  const values = await givenValues(io, common);
  hidden.add(Object.values(values));
  const reporter = createReporter(io, common, hidden.redact);
  try {
    return await work(reporter, { values, hidden });
  } catch (thrown) {
    const error = shown(thrown, common.verbose);
    reporter.error(error);
    return error.exitCode;
  } finally {
    reporter.close();
  }
}

/** Views print one thing; of what happens on the way only warnings matter, and JSON stays one object. */
function warningsOnly(reporter: CliReporter, format: string | null): CliReporter {
  return {
    ...reporter,
    event(event) {
      if (format === "json") return;
      if (event.level === "warning" || event.level === "error") reporter.event(event);
    },
  };
}
