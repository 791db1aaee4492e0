import type { Config } from "../config/types.ts";
import { asDeployError, type DeployError } from "../errors.ts";
import { runTests, type TestReport } from "../project/index.ts";
import type { Project } from "../project/types.ts";
import { formatDuration } from "../report/duration.ts";
import type { Emit } from "../report/event.ts";
import type { Ending } from "../report/reporter.ts";
import { errorText } from "../report/text.ts";

/** Runs the project's tests as one step, and says how they ended. */
export async function testProject(
  config: Config,
  project: Project,
  emit: Emit,
  signal: AbortSignal,
): Promise<Ending> {
  const begun = performance.now();
  const elapsed = () => Math.round(performance.now() - begun);
  emit({ code: "step.start", level: "info", step: "test", message: "test" });
  try {
    const report = await runTests(config, project, emit, signal);
    const ms = elapsed();
    const message = words(report);
    emit({ code: "step.done", level: "info", step: "test", message, data: { ms, status: "done" } });
    return ending(project, report, ms, null);
  } catch (thrown) {
    const error = asDeployError(thrown);
    const ms = elapsed();
    const data = { ms, status: "failed" };
    emit({ code: "step.failed", level: "error", step: "test", message: error.message, data });
    return ending(project, null, ms, error);
  }
}

function ending(
  { revision }: Project,
  report: TestReport | null,
  durationMs: number,
  error: DeployError | null,
): Ending {
  const result = error ? "failed" : report === null ? "skipped" : "passed";
  const { command = null, ran = null } = report ?? {};
  return {
    line: { code: "result", result, revision: revision.sha, command, ran, durationMs },
    error,
    text(paint, full) {
      if (full) return errorText(full, paint);
      return `${paint.good(paint.bold(`${words(report)} at ${revision.sha.slice(0, 7)}`))}, in ${formatDuration(durationMs)}\n`;
    },
  };
}

function words(report: TestReport | null): string {
  if (report === null) return "no tests: test.command is false";
  if (report.ran === null) return `passed: ${report.command}`;
  return `${report.ran} ${report.ran === 1 ? "test" : "tests"} passed (${report.command})`;
}
