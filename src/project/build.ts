import { join } from "node:path";
import type { Config } from "../config/types.ts";
import { DeployError, ExitCode, usageError } from "../errors.ts";
import type { Emit } from "../report/event.ts";
import { scrubbed } from "./environment.ts";
import { isFolder } from "./paths.ts";
import { runProgram } from "./process.ts";

/**
 * Runs `build.command` with `sh -c` in `build.directory` of the working tree; nothing to do without a command. It
 * sees the names in `environment.ts` and no others: no key, no token, no secret. Its output becomes `step.output`
 * events; a failure is a DeployError `build.failed` with the last lines.
 */
export async function runBuild(config: Config, emit: Emit, signal?: AbortSignal): Promise<void> {
  const { command, directory } = config.build;
  if (command === null) return;
  const cwd = join(config.directory, directory);
  if (!(await isFolder(cwd)))
    throw usageError("build.no-directory", `build.directory: ${directory} is no folder`, { seen: cwd });
  const {
    code,
    signal: by,
    lines,
  } = await runProgram({
    file: "sh",
    args: ["-c", command],
    cwd,
    env: scrubbed(),
    onLine: (message) => emit({ code: "step.output", level: "info", step: "build", message }),
    signal,
  });
  if (code === 0) return;
  const end = code === null ? `was ended by ${by}` : `ended with exit code ${code}`;
  throw new DeployError("build.failed", ExitCode.failed, `The build command ${end}`, {
    step: "build",
    seen: command,
    hint:
      code === 127
        ? "a program was not found; the workflow must install what the build needs before this step"
        : `run it yourself: ${directory === "." ? "" : `cd ${directory} && `}${command}`,
    output: lines.slice(-30).join("\n"),
  });
}
