import type { Config } from "../config/types.ts";
import { asDeployError, type DeployError } from "../errors.ts";
import { packArtifact, runBuild } from "../project/index.ts";
import { refuseOtherTree } from "../project/shipment.ts";
import type { Project } from "../project/types.ts";
import { formatDuration } from "../report/duration.ts";
import type { Emit } from "../report/event.ts";
import type { Ending } from "../report/reporter.ts";
import { errorText } from "../report/text.ts";

/** Runs the project's build and packs what it made into `build.artifact`; `sha256` is that file's, null after a failure. */
export async function buildProject(
  config: Config,
  project: Project,
  emit: Emit,
  signal: AbortSignal,
): Promise<{ ending: Ending; sha256: string | null }> {
  const begun = performance.now();
  const elapsed = () => Math.round(performance.now() - begun);
  emit({ code: "step.start", level: "info", step: "build", message: "build" });
  try {
    await refuseOtherTree(project);
    await runBuild(config, emit, signal);
    const { sha256, files } = await packArtifact(project, config);
    const ms = elapsed();
    const message = `${config.build.artifact}: ${files} ${files === 1 ? "file" : "files"}`;
    emit({ code: "step.done", level: "info", step: "build", message, data: { ms, status: "done" } });
    return { ending: ending(config, project, { message, sha256 }, ms, null), sha256 };
  } catch (thrown) {
    const error = asDeployError(thrown);
    const ms = elapsed();
    const data = { ms, status: "failed" };
    emit({ code: "step.failed", level: "error", step: "build", message: error.message, data });
    return { ending: ending(config, project, null, ms, error), sha256: null };
  }
}

function ending(
  { build }: Config,
  { revision }: Project,
  made: { message: string; sha256: string } | null,
  durationMs: number,
  error: DeployError | null,
): Ending {
  const result = error ? "failed" : "built";
  const { artifact } = build;
  return {
    line: {
      code: "result",
      result,
      revision: revision.sha,
      artifact,
      sha256: made?.sha256 ?? null,
      durationMs,
    },
    error,
    text(paint, full) {
      if (full) return errorText(full, paint);
      const head = `${made?.message} of ${revision.sha.slice(0, 7)}, in ${formatDuration(durationMs)}`;
      return `${paint.good(paint.bold(head))}\nsha256 ${made?.sha256}\n`;
    },
  };
}
