import { ExitCode } from "../errors.ts";
import { earlyReport } from "../report/early.ts";
import { jsonText } from "../report/json-text.ts";
import type { Paint } from "../report/paint.ts";
import { printed } from "../report/printed.ts";
import { createRedactor, redactDeep } from "../report/redact.ts";
import { type Ending, reportEnding } from "../report/reporter.ts";
import { visibleDeep } from "../report/visible.ts";
import type { Invocation, Options } from "./command.ts";
import { shown } from "./failure.ts";
import { type CliReporter, createReporter, paintFor } from "./reporter/index.ts";
import { openSession, type Session, type SessionOptions } from "./session.ts";
import { givenValues } from "./values.ts";

/** Runs a verb that acts: progress while it goes, the ending after; resolves with the exit code. */
export async function act<O extends Options>(
  invocation: Invocation<O>,
  options: SessionOptions,
  work: (session: Session) => Promise<Ending>,
): Promise<number> {
  return withReporter(invocation, async (reporter, values) => {
    const ending = await openSession(invocation, reporter, values, options)
      .then(work)
      .catch((thrown): Ending => {
        const error = shown(thrown, invocation.common.verbose);
        return reportEnding(earlyReport(error, invocation.positionals[0] ?? ""), error);
      });
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
  return withReporter(invocation, async (reporter, values) => {
    const session = await openSession(invocation, warningsOnly(reporter, common.format), values, options);
    const result = await work(session);
    reporter.close();
    const redact = createRedactor(Object.values(values));
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
  return withReporter(beside, async (reporter, values) =>
    work(
      await openSession({ ...invocation, common }, warningsOnly(reporter, null), values, { further: true }),
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
