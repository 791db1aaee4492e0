import type { Config } from "../config/types.ts";
import type { Project } from "../project/types.ts";
import { addressOf } from "../services/door.ts";
import { notBackedUpYet } from "./backups.ts";
import { publicDoor } from "./outside.ts";
import { leaderOf } from "./roles.ts";
import type { HostPlan, Phase } from "./types.ts";

export interface PlannedStep {
  phase: Phase;
  step: string;
  /** null: on the runner. */
  host: string | null;
  does: string;
}

/** What a deploy does, in order, in words. Pure: the same data that the pipeline acts on. */
export function plannedSteps(config: Config, project: Project, hosts: HostPlan[]): PlannedStep[] {
  const runner: PlannedStep[] = [];
  const add = (step: string, does: string) => runner.push({ phase: "guard", step, host: null, does });
  const { command, artifact } = config.build;
  if (artifact !== null) add("artifact", `take ${artifact}, if it has the hash that the earlier job gave`);
  add("project", `read ${project.revision.sha.slice(0, 7)} from git`);
  if (command !== null && artifact === null) add("build", `run ${command}`);
  add("lint", `judge ${project.settings.value}; stops at ${config.lint.failLevel}`);
  if (config.test.command !== false) add("test", "run the project's tests");
  const steps = hosts.map((host) => ({ host, steps: hostSteps(config, host) }));
  return [
    ...runner,
    ...phases.flatMap((phase) =>
      inTurn(phase, steps).flatMap((one) => one.steps.filter((step) => step.phase === phase)),
    ),
  ];
}

const phases: readonly Phase[] = ["guard", "prepare", "migrate", "activate", "finish"];

/** Each phase ends on all hosts before the next begins; processes take their turn before the web. */
function inTurn<S extends { host: HostPlan }>(phase: Phase, steps: S[]): S[] {
  if (phase !== "activate") return steps;
  const visited = ({ host }: S) => host.door.kind !== "none";
  return [...steps.filter((one) => !visited(one)), ...steps.filter(visited)];
}

function hostSteps(config: Config, plan: HostPlan): PlannedStep[] {
  const steps: PlannedStep[] = [];
  const add = (phase: Phase, step: string, does: string) =>
    steps.push({ phase, step, host: plan.host, does });
  const { previous, venv } = plan;
  const web = plan.door.kind !== "none";
  const door = `${plan.front.tls ? "https" : "http"}://${plan.front.address}:${plan.front.port}`;
  add("guard", "connect", "take the lock, read the host");
  add("prepare", "environment", "write this release's own version");
  add("prepare", "upload", "send what differs from the live release");
  add(
    "prepare",
    "venv",
    venv.ready
      ? `use ${venv.key}, which is there`
      : `build ${venv.key} with ${venv.installer} and ${venv.python}`,
  );
  if (venv.extra) add("prepare", "server", `install ${venv.extra}, which the requirements lack`);
  add("prepare", "check", "ask the release's own Django: settings, deployment checks, pending migrations");
  if (config.static.collect && web)
    add("prepare", "collectstatic", "collect into the release's own folder, share hashed files");
  if (web)
    add(
      "prepare",
      "boot",
      `start ${plan.workers} workers ${plan.stage === "probe" ? "on a private socket" : `in slot ${plan.slot}`}, where nobody sees them (${plan.workersReason})`,
    );
  if (plan.host === leaderOf(config, config.hosts).name) add("migrate", "migrate", migrateText(config));
  const processes = (turn: "before" | "after") => {
    const names = plan.processes.run.filter(({ order }) => order === turn).map(({ name }) => name);
    if (names.length > 0)
      add("activate", "processes", `stop ${names.join(", ")} gracefully, start the release's`);
  };
  processes("before");
  if (web) add("activate", "probe", `ask ${config.health.path} on the private socket`);
  if (web) for (const [step, does] of takeoverSteps(plan)) add("activate", step, does);
  const look = "look which release its processes run, write it down as live";
  if (web) add("activate", "prove", `ask ${door}, ${look}`);
  if (config.front.public === "required" && publicDoor(config, plan.host) !== null)
    add("activate", "outside", "ask from here, as a visitor comes in");
  processes("after");
  if (!web) {
    add("activate", "switch", "current names the release");
    add("activate", "prove", look);
  }
  add("finish", "clean", `keep ${config.release.keep} good releases besides, remove what nobody needs`);
  if (previous && plan.door.kind === "link")
    add(
      "finish",
      "stop-old",
      `wait for the queue of ${previous.slot}, look once again, then stop it gracefully (${config.server.stopTimeoutMs / 1000} s at most)`,
    );
  return steps;
}

function migrateText({ database: { backup } }: Config): string {
  const what = "migrate, if anything is pending";
  if (backup === "never") return what;
  return `back up SQLite (${backup}; ${notBackedUpYet.join(" and ")} are not backed up yet) and ${what}`;
}

/** How the traffic moves, by door (src/release/doors). */
function takeoverSteps({ door, slot, previous }: HostPlan): [step: string, does: string][] {
  if (!("port" in door))
    return [["switch", `rename run/web.sock to ${slot}; the rename itself loses no request`]];
  const port = addressOf(door);
  const stopOld: [string, string][] = previous ? [["stop-old", `stop ${previous.slot} gracefully`]] : [];
  if (door.kind === "port")
    return [
      ["join", `start slot ${slot} on ${port}${previous ? `, beside slot ${previous.slot}` : ""}`],
      ...stopOld,
    ];
  return [...stopOld, ["start", `start slot ${slot}, which opens ${port} itself`]];
}
