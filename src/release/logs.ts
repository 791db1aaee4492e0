import { DeployError, ExitCode } from "../errors.ts";
import { commandLine } from "../host/quote.ts";
import type { HostFacts } from "../host/types.ts";
import { livingRelease } from "../plan/host.ts";
import { processesOn } from "../plan/processes.ts";
import { servesWeb } from "../plan/roles.ts";
import { forSlot, logWith } from "../services/wiring.ts";
import { connect } from "../ssh/connect.ts";
import { requireSetUp, withHosts } from "./hosts.ts";
import { eachLine, oneLook } from "./log-lines.ts";
import type { LogsOptions, RunContext, WriteLine } from "./types.ts";

/** The last lines of a process on all hosts where it is to run; with `follow` until the signal is aborted. */
export async function logs(all: RunContext, options: LogsOptions, write: WriteLine): Promise<void> {
  const context = { ...all, targets: placesOf(all, options.process) };
  const commands = await withHosts(context, async (session) => {
    const facts = await session.request("facts");
    requireSetUp(session.name, facts);
    const { process } = options;
    if (process !== null && process !== "web")
      return logWith(processLog(session.name, facts, process), options.lines, options.follow);
    const live = livingRelease(facts);
    if (!live) {
      throw new DeployError("logs.nothing-live", ExitCode.failed, `nothing is live on ${session.name}`, {
        host: session.name,
      });
    }
    return logWith(forSlot(facts.owner?.manager.log ?? [], live.slot), options.lines, options.follow);
  });
  await Promise.all(
    context.targets.map(async (target, index) => {
      const connection = await connect(target, { signal: context.signal });
      const stop = () => void connection.close();
      context.signal.addEventListener("abort", stop);
      try {
        const channel = await connection.open(`exec ${commandLine(commands[index] ?? [])}`);
        const limits = options.follow ? null : oneLook;
        const problem = await eachLine(channel, limits, (text) => write({ host: target.name, text }));
        if (problem !== null && !context.signal.aborted) throw unreadable(target.name, problem);
      } finally {
        context.signal.removeEventListener("abort", stop);
        await connection.close();
      }
    }),
  );
}

/** The hosts with something to read. A process that is not to run anywhere is looked for everywhere. */
function placesOf({ config, targets }: RunContext, process: string | null): RunContext["targets"] {
  const web = process === null || process === "web";
  const fits = (host: string) =>
    web ? servesWeb(config, host) : processesOn(config, host).some(({ name }) => name === process);
  const places = targets.filter(({ name }) => fits(name));
  if (places.length > 0 || !web) return places.length > 0 ? places : targets;
  const names = Object.keys(config.processes);
  throw new DeployError("logs.no-web", ExitCode.usage, "no host of this environment serves the web", {
    expected: `the name of a process: ${names.join(", ") || "none is configured"}`,
    hint: `djdeploy logs ${config.environment} ${names[0] ?? "NAME"}`,
  });
}

function processLog(host: string, facts: HostFacts, name: string): string[] {
  const wired = facts.owner?.processes ?? {};
  const { log } = wired[name] ?? {};
  if (log) return log;
  throw new DeployError("logs.no-process", ExitCode.usage, `${host} has no process ${name}`, {
    host,
    expected: ["web", ...Object.keys(wired)].join(", "),
    seen: name,
  });
}

function unreadable(host: string, problem: string): DeployError {
  return new DeployError("logs.failed", ExitCode.failed, `the log could not be read on ${host}: ${problem}`, {
    host,
  });
}
