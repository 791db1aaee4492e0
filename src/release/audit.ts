import { asDeployError, type DeployError } from "../errors.ts";
import type { Report } from "../report/event.ts";
import { redactDeep } from "../report/redact.ts";
import type { Begun } from "./begin.ts";
import type { RunContext } from "./types.ts";

export interface Attempt {
  verb: string;
  run: string;
  release: string | null;
  report: Report;
  error: DeployError | null;
  options: Record<string, unknown>;
}

/**
 * Writes one line about this attempt on every host that was opened, frees the lock and closes: also where the run was
 * refused before it began. A folder that is not ours gets no line. Never throws: the release is done.
 */
export async function auditAll(context: RunContext, hosts: Begun[], attempt: Attempt): Promise<void> {
  const foreign = attempt.error?.code.startsWith("owner.") === true;
  await Promise.allSettled(
    hosts.map(async (host) => {
      try {
        const line = auditLine(context, host, attempt);
        const written = host.facts.owner && !foreign ? host.session.request("audit", { line }) : null;
        const freed = host.session.request("unlock");
        await written?.catch((thrown) => {
          const message = `the audit line of this run could not be written: ${asDeployError(thrown).message}`;
          context.emit({ code: "note", level: "warning", message, host: host.name });
        });
        await freed;
      } finally {
        await host.session.close();
      }
    }),
  );
}

function auditLine(
  context: RunContext,
  host: Begun,
  { verb, run, release, report, error, options }: Attempt,
): Record<string, unknown> {
  const line = {
    event: verb,
    run,
    actor: context.actor,
    face: context.face,
    runUrl: context.runUrl,
    environment: context.config.environment,
    release,
    revision: report.revision,
    result: report.hosts.find((row) => row.host === host.name)?.result ?? report.result,
    error: error ? { code: error.code, step: error.details.step ?? null, message: error.message } : null,
    options,
    cut: report.hosts.find((row) => row.host === host.name)?.cut ?? 0,
    durationMs: report.durationMs,
    steps: report.steps.filter((step) => step.host === null || step.host === host.name),
  };
  // Who may read the line later need not be who may read the values; a person's reason may hold one.
  return redactDeep(line, context.redact) as typeof line;
}
