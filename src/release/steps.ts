import { DeployError, ExitCode } from "../errors.ts";
import { hostFiles } from "../host/files.gen.ts";
import type { HostSession } from "../host/session.ts";
import type { StepAnswer } from "../host/types.ts";
import { projectLines } from "./python-log.ts";
import type { StepVoice } from "./recorder.ts";

export interface HostStep {
  run: string;
  /** Unique in the run: asking again attaches to it. */
  name: string;
  script: "venv.sh" | "inspect.sh" | "collectstatic.sh" | "migrate.sh";
  args?: string[];
  env: Record<string, string>;
  cwd?: string;
  /** The step's own processes hold the lock too (migrate). */
  keepLock?: boolean;
  /** Seconds. */
  timeout?: number;
  /** What failed, for the message: "installing the requirements failed". */
  failure: { code: string; message: string; hint?: (output: string) => string | undefined };
}

const tailLines = 40;

/** Runs one script detached on the host. Success is exactly exit code 0; anything else is a DeployError with the tail. */
export async function runHostStep(session: HostSession, step: HostStep, voice: StepVoice): Promise<string> {
  let output = "";
  const onLog = (log: unknown) => {
    if (typeof log !== "string") return;
    output = (output + log).slice(-200_000);
    voice.output(log);
  };
  const answer = await session.request<StepAnswer>(
    "step",
    {
      run: step.run,
      step: step.name,
      script: hostFiles[step.script],
      args: step.args ?? [],
      env: step.env,
      cwd: step.cwd ?? null,
      keepLock: step.keepLock ?? false,
      timeout: step.timeout ?? null,
    },
    { onLog },
  );
  if (answer.code === 0) return output;
  const tail = projectLines(output).trimEnd().split("\n").slice(-tailLines).join("\n");
  const hint = step.failure.hint?.(output);
  throw new DeployError(step.failure.code, ExitCode.failed, `${step.failure.message}: ${ending(answer)}`, {
    output: tail,
    ...(hint ? { hint } : {}),
  });
}

function ending(answer: StepAnswer): string {
  if (answer.timedOut) return "it took too long and was ended";
  if (answer.signal === "KILL") return "it was killed (out of memory?)";
  if (answer.signal) return `it was ended by signal ${answer.signal}`;
  return `exit code ${answer.code}`;
}
