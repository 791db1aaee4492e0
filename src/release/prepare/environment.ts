import type { Config } from "../../config/types.ts";
import { DeployError, ExitCode } from "../../errors.ts";
import type { HostPlan } from "../../plan/types.ts";
import type { ChainedStep } from "../chain.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import type { ReleaseRun } from "./run.ts";

/** Writes this release's environment version. A secret that nobody gave: exit 2 with the command that stores it. */
export function writeEnvironment(run: ReleaseRun, host: HostRun<HostPlan>, recorder: Recorder): ChainedStep {
  const { config, project, release } = run;
  return (to) => {
    const written = to.request("env", {
      version: release,
      release,
      required: config.env.secrets,
      vars: config.env.vars,
      given: run.values,
      write: true,
    });
    const launch = to.request("launch", {
      release,
      spec: {
        root: project.root.value,
        settings: project.settings.value,
        application: project.application.value,
        interface: project.interface,
        venv: host.plan.venv.key,
        env: release,
        processes: Object.fromEntries(
          Object.entries(config.processes).map(([name, { command }]) => [name, command]),
        ),
        serve: {},
        listen: { on: "socket" },
      },
    });
    return () =>
      recorder.step("environment", host.name, async (voice) => {
        const { missing, names } = await written;
        requireSecrets(config, host.name, missing);
        host.prepared = true;
        await launch;
        voice.summary(`${names.length} variables`);
      });
  };
}

export function requireSecrets(config: Config, host: string, missing: string[]): void {
  if (missing.length === 0) return;
  const what =
    missing.length === 1 ? `the secret ${missing[0]} has` : `the secrets ${missing.join(", ")} have`;
  const commands = missing.map((name) => `djdeploy env ${config.environment} set ${name}`);
  throw new DeployError(
    "env.secret-missing",
    ExitCode.usage,
    `${what} no value on ${host} and none was given`,
    {
      host,
      expected: `a value for ${missing.join(", ")} (env.secrets in djdeploy.yml)`,
      seen: "nothing, or an empty value",
      hint: `store ${missing.length === 1 ? "it" : "them"} on the host, or give with --env-file or in the step's env:\n${commands.join("\n")}`,
    },
  );
}
