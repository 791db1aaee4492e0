import { Told } from "../errors.ts";
import { processProblems } from "../plan/processes.ts";
import { askedAs } from "../plan/request.ts";
import type { HostPlan } from "../plan/types.ts";
import type { HostRun } from "./hosts.ts";
import { requireSecrets } from "./prepare/environment.ts";
import type { ReleaseRun } from "./prepare/run.ts";
import { proveProcesses } from "./processes.ts";
import type { Recorder } from "./recorder.ts";
import { liveManifest } from "./rows.ts";
import { proveServing } from "./slots.ts";

/**
 * True when a deploy would find nothing to do: files, configuration, environment and packages equal those of the live
 * release, and that is proven to serve. Anything less is a reason to deploy.
 */
export async function unchanged(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  recorder: Recorder,
): Promise<boolean> {
  const { config } = run;
  const live = liveManifest(host.facts);
  const { previous, venv } = host.plan;
  if (!live || !previous || live.state !== "live") return false;
  const same =
    live.files === run.filesDigest &&
    live.configuration === run.configuration &&
    live.venv === venv.key &&
    live.revision === run.project.revision.sha;
  if (!same) return false;
  const values = await host.session.request("env", {
    version: run.release,
    required: config.env.secrets,
    vars: config.env.vars,
    given: run.values,
    write: false,
  });
  requireSecrets(config, host.name, values.missing);
  if (live.values !== values.fingerprint) return false;
  try {
    await recorder.step("prove", host.name, async (voice) => {
      const [problem] = processProblems(config, host.name, host.facts, live.id);
      if (problem) throw new Told(problem);
      if (host.plan.door.kind === "none") {
        host.proof = await proveProcesses(host, live.id);
        return voice.unchanged(`${live.id} is what would be deployed, and it runs`);
      }
      const healthHost = live.healthHost ?? "localhost";
      host.proof = await proveServing(askedAs(config, live), host, {
        release: live.id,
        slot: previous.slot,
        healthHost,
        live: null,
      });
      voice.unchanged(`${live.id} is what would be deployed, and it serves`);
    });
    return true;
  } catch {
    recorder.note(`nothing changed, but ${live.id} could not be proven: deploying it anew`, {
      host: host.name,
      level: "warning",
    });
    return false;
  }
}
