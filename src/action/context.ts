import { createApi } from "../github/api.ts";
import type { RunContext } from "../release/types.ts";
import { resolveTargets } from "../ssh/target.ts";
import type { Task } from "./verbs/types.ts";

/** What the core is given: keys and pins from the inputs, nothing from the runner's own ~/.ssh. */
export async function createContext(task: Task): Promise<RunContext> {
  const { inputs, config, values, github, client, reporter, signal, redact, hide } = task;
  return {
    config,
    emit: (event) => reporter.event({ time: new Date().toISOString(), ...event }),
    targets: await resolveTargets(config, {
      face: "action",
      sshConfig: "none",
      privateKey: inputs.sshPrivateKey,
      passphrase: inputs.sshPassphrase,
      knownHosts: inputs.knownHosts,
      agent: null,
    }),
    values,
    redact,
    hide,
    actor: github.actor,
    runUrl: github.runUrl,
    face: "action",
    ...(github.trigger ? { trigger: github.trigger } : {}),
    ...(client ? { github: createApi(client) } : {}),
    signal,
  };
}
