import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { HostFacts } from "../host/types.ts";
import type { Project } from "../project/types.ts";
import { doorOf } from "../services/door.ts";
import { planWorkers } from "./memory.ts";
import { planProcesses } from "./processes.ts";
import { choosePython } from "./python.ts";
import { frontDoor } from "./request.ts";
import { configOn } from "./roles.ts";
import { serverOf } from "./server.ts";
import type { HostPlan, SlotPlan } from "./types.ts";
import { planVenv } from "./venv.ts";

/** Decides everything about one host that can be decided before it is touched. Pure. */
export function planHost(
  config: Config,
  project: Project,
  hashes: ReadonlyMap<string, string>,
  host: string,
  facts: HostFacts,
): HostPlan {
  const server = serverOf(config, project);
  const python = choosePython(host, facts, project.python);
  const venv = planVenv(config, project, hashes, python, facts);
  if (venv.installer === "uv" && !facts.owner?.uv) {
    throw new DeployError(
      "host.no-uv",
      ExitCode.failed,
      `${host} has no uv, which ${project.installer.evidence} asks for`,
      {
        host,
        hint: `djdeploy setup ${config.environment} --user root installs it`,
      },
    );
  }
  return {
    ...planSlot(config, host, facts),
    venv,
    ...planWorkers(config.server.workers, server, facts),
  };
}

/** The idle slot takes the release; blue first. */
export function planSlot(config: Config, host: string, facts: HostFacts): SlotPlan {
  const previous = livingRelease(facts);
  const slot = previous?.slot === "blue" ? "green" : "blue";
  const door = doorOf(configOn(config, host).server);
  return {
    host,
    facts,
    previous,
    slot,
    stage: "port" in door ? "probe" : slot,
    door,
    front: frontDoor(config),
    processes: planProcesses(config, host, facts),
  };
}

/** What run/web.sock names, if that names a release at all; the same where no web server runs. */
export function livingRelease(facts: HostFacts): SlotPlan["previous"] {
  return facts.live?.release ? { slot: facts.live.slot, release: facts.live.release } : null;
}
