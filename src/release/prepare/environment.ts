import type { Config } from "../../config/types.ts";
import { DeployError, ExitCode } from "../../errors.ts";
import type { HostPlan } from "../../plan/types.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import type { ReleaseRun } from "./run.ts";

/** Writes this release's environment version. A secret that nobody gave: exit 2 with the command that stores it. */
export async function writeEnvironment(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  recorder: Recorder,
): Promise<void> {
  await recorder.step("environment", host.name, async (voice) => {
    const { config } = run;
    const answer = await host.session.request<{ missing: string[]; fingerprint: string; names: string[] }>(
      "env",
      {
        version: run.release,
        required: config.env.secrets,
        vars: config.env.vars,
        given: run.values,
        write: true,
      },
    );
    requireSecrets(config, host.name, answer.missing);
    run.manifest.values = answer.fingerprint;
    await host.session.request("update", { release: run.release, changes: { values: answer.fingerprint } });
    await host.session.request("launch", {
      release: run.release,
      spec: {
        root: run.project.root.value,
        settings: run.project.settings.value,
        application: run.project.application.value,
        interface: run.project.interface,
        venv: host.plan.venv.key,
        env: run.release,
        processes: Object.fromEntries(
          Object.entries(config.processes).map(([name, { command }]) => [name, command]),
        ),
        serve: {},
        listen: { on: "socket" },
      },
    });
    voice.summary(`${answer.names.length} variables`);
  });
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
