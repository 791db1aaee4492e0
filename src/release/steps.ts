import { DeployError, ExitCode } from "../errors.ts";
import { hostFiles } from "../host/files.gen.ts";
import { fullHint, isFull } from "../host/full.ts";
import type { ArgsOf } from "../host/protocol.ts";
import type { Asked } from "../host/session.ts";
import type { StepAnswer } from "../host/types.ts";
import { cutText } from "../report/redact.ts";
import { projectLines } from "./python-log.ts";
import type { StepVoice } from "./recorder.ts";

export interface HostStep {
  run: string;
  /** Unique in the run: asking again attaches to it. */
  name: string;
  script: "venv.sh" | "inspect.sh" | "migrate.sh" | "tables.sh";
  args?: string[];
  env: Record<string, string>;
  cwd?: string;
  /** The step's own processes hold the lock too (migrate). */
  keepLock?: boolean;
  /** It only prepares: it gives way to what serves, in CPU and I/O and when memory is short. */
  givesWay?: boolean;
  /** It runs the project's code, as the user that the application runs as. */
  asUser?: boolean;
  /** Attaching: the part of its log before this many bytes was told already. */
  from?: number;
  /** What its log held before `from`, and was told with another step: an exception may have begun there. */
  heard?: string;
  /** What failed, for the message: "installing the requirements failed". */
  failure: { code: string; message: string; hint?: (output: string) => string | undefined };
}

/** What a step prints, kept until somebody listens. */
export interface StepLog {
  onLog: (log: string) => void;
  /** Passes on what was printed so far, and from then on what comes. */
  listen(voice: StepVoice): void;
  text(): string;
}

const tailLines = 40;
const keptOutput = 200_000;

export function stepLog(): StepLog {
  let output = "";
  /** The last line has no end yet: it was so long that the host cut it. */
  let open = false;
  let listener: StepVoice | null = null;
  return {
    onLog(log) {
      const text = `${open ? cutText : ""}${log}${log.endsWith("\n") ? "" : `${cutText}\n`}`;
      open = !log.endsWith("\n");
      output += text;
      if (output.length > keptOutput) output = cutText + output.slice(-keptOutput);
      listener?.output(text);
    },
    listen(voice) {
      listener = voice;
      if (output) voice.output(output);
    },
    text: () => output,
  };
}

/** The step as the agent is asked for it. */
export function stepRequest(step: HostStep): ArgsOf<"step"> {
  const { run, name, script, args, env, cwd, keepLock, givesWay, asUser, from } = step;
  return {
    run,
    step: name,
    script: hostFiles[script],
    args: args ?? [],
    env,
    cwd: cwd ?? null,
    keepLock: keepLock ?? false,
    givesWay: givesWay ?? false,
    asUser: asUser ?? false,
    from: from ?? 0,
  };
}

/**
 * Asks for one script to be run detached on the host. What it gives waits for the end and resolves with the output.
 * Success is exactly exit code 0; anything else is a DeployError with the tail.
 */
export function askHostStep(to: Asked, step: HostStep): (voice: StepVoice) => Promise<string> {
  const log = stepLog();
  const answer = to.request("step", stepRequest(step), { onLog: log.onLog });
  return async (voice) => {
    log.listen(voice);
    requireSuccess(step, await answer, (step.heard ?? "") + log.text());
    return log.text();
  };
}

export function requireSuccess({ failure }: HostStep, answer: StepAnswer, output: string): void {
  if (answer.code === 0) return;
  const tail = projectLines(output).trimEnd().split("\n").slice(-tailLines).join("\n");
  const full = answer.full ?? (isFull(output) ? "the application's folder" : null);
  const own = failure.hint?.(output);
  const hint = full
    ? [own, `nothing more can be written in ${full}: ${fullHint}`].filter(Boolean).join("\n")
    : (own ?? (killed(answer) ? memoryHint : undefined));
  throw new DeployError(failure.code, ExitCode.failed, `${failure.message}: ${ending(answer)}`, {
    output: tail,
    ...(hint ? { hint } : {}),
  });
}

const memoryHint =
  "the kernel ends what prepares first, so that what serves goes on; if memory was short (dmesg, journalctl -k), give the host more or some swap, or run less on it, and deploy again";

/** By KILL: itself, or what the script waited for. */
function killed({ code, signal }: StepAnswer): boolean {
  return signal === "KILL" || code === 128 + 9;
}

function ending(answer: StepAnswer): string {
  if (answer.timedOut) return "it took too long and was ended";
  if (killed(answer)) return "it was killed (out of memory?)";
  if (answer.signal) return `it was ended by signal ${answer.signal}`;
  return `exit code ${answer.code}`;
}
