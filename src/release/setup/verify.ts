import type { Config } from "../../config/types.ts";
import { DeployError, ExitCode } from "../../errors.ts";
import type { Emit, StepResult } from "../../report/event.ts";
import { rootCommands } from "../../services/wiring.ts";
import type { Root } from "./root.ts";

/** Tries as the user that deploys what a deploy will need: folders, sudo rules, venv, its own key file. */
export async function verifySetup(
  root: Root,
  config: Config,
  keysPath: string,
  emit: Emit,
): Promise<StepResult> {
  const step = "verify";
  const host = root.connection.name;
  const { user, manager } = config.server;
  const started = performance.now();
  emit({ code: "step.start", level: "info", message: `as ${user}`, host, step });
  const commands = rootCommands(config.app, manager).map((argv) => argv.join(" "));
  const output = await root.run("setup-verify.sh", [user, config.release.path, keysPath, ...commands]);
  const problems = output.split("\n").filter(Boolean);
  const ms = Math.round(performance.now() - started);
  if (problems.length > 0) {
    const message = `${user} can not deploy yet: ${problems[0]}`;
    emit({ code: "step.failed", level: "error", message, host, step, data: { ms, status: "failed" } });
    throw new DeployError("setup.not-ready", ExitCode.failed, message, {
      host,
      step,
      output: problems.join("\n"),
    });
  }
  emit({ code: "step.done", level: "info", message: `as ${user}`, host, step, data: { ms, status: "done" } });
  return { step, host, ms, status: "done" };
}
