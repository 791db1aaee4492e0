import type { Config } from "../config/types.ts";
import type { HostSession } from "../host/session.ts";
import type { HostFacts, Seen, Serving } from "../host/types.ts";
import { disagreements, type Problem, servedRelease } from "../plan/agreement.ts";
import { processesOn, processProblems } from "../plan/processes.ts";
import { askedAs, frontDoor, frontText, oldRequest } from "../plan/request.ts";
import { servesWeb } from "../plan/roles.ts";
import { elsewhereHint, silentHint } from "./elsewhere.ts";
import { behindLink, endsWithLogin } from "./owner.ts";
import { processesText, runIt } from "./processes.ts";

/** What one host serves, how that was proven, and everything that speaks against it. */
export interface Standing {
  /** The slot is null where no web server runs. */
  served: { slot: string | null; release: string } | null;
  workers: number;
  /** What was seen of the served release; null when nothing is served or a problem stands. */
  proof: string | null;
  problems: Problem[];
}

/** Asks the front door and the processes of a host, and holds links and manifests against them. Changes nothing. */
export async function standingOf(config: Config, session: HostSession, facts: HostFacts): Promise<Standing> {
  const served = servedRelease(facts);
  if (!served) return { served, workers: 0, proof: null, problems: disagreements(facts) };
  const moved = behindLink(config, facts);
  if (moved) return { served, workers: 0, proof: null, problems: [moved] };
  if (!servesWeb(config, session.name)) return standingOfProcesses(config, session, facts, served.release);
  const manifest = facts.releases.find((one) => one.id === served.release);
  const front = frontDoor(config);
  const serving = await session.request("serves", {
    where: front,
    slot: served.slot,
    release: served.release,
    request: oldRequest(config, manifest),
    deadline: 5,
    successes: 1,
  });
  const problems = [
    ...doorProblem(config, askedAs(config, manifest), serving, served),
    ...ofProcesses(config, session.name, facts, served.release),
    ...lingering(facts),
    ...disagreements(facts),
  ];
  const { answer, proof } = serving;
  return {
    served,
    workers: proof.workers.length,
    proof:
      problems.length > 0
        ? null
        : `${frontText(front)} answered ${answer.seen?.status} from it; main process ${proof.main}`,
    problems,
  };
}

function ofProcesses(config: Config, host: string, facts: HostFacts, release: string): Problem[] {
  return processProblems(config, host, facts, release).map((message) => ({
    message,
    fix: "djdeploy deploy ENV starts it with what is live",
  }));
}

function lingering(facts: HostFacts): Problem[] {
  if (!endsWithLogin(facts)) return [];
  const message = "it ends with the last login of its user, which does not linger";
  return [{ message, fix: `loginctl enable-linger ${facts.user}, as root` }];
}

/** A host without a web server: its processes are all there is to ask. */
async function standingOfProcesses(
  config: Config,
  session: HostSession,
  facts: HostFacts,
  release: string,
): Promise<Standing> {
  const names = processesOn(config, session.name).map(({ name }) => name);
  const { rows } = await runIt(session, release, names);
  const problems = [...ofProcesses(config, session.name, facts, release), ...disagreements(facts)];
  const well = rows.length > 0 ? processesText(rows) : "no process is to run here";
  return {
    served: { slot: null, release },
    workers: 0,
    proof: problems.length > 0 ? null : well,
    problems,
  };
}

/** What visitors get, in one sentence with the nearest cause. */
function doorProblem(
  config: Config,
  asked: Config,
  { answer, proof }: Serving,
  { slot, release }: { slot: string; release: string },
): Problem[] {
  if (answer.ok && proof.ok) return [];
  if (proof.main === 0) {
    return [
      {
        message: `nothing runs in slot ${slot}, to which visitors are led: ${answer.ok ? proof.problem : answer.problem}`,
        fix: "djdeploy logs ENV says why it ended; djdeploy deploy ENV starts it anew",
      },
    ];
  }
  if (answer.ok) return [{ message: proof.problem ?? "", fix: "djdeploy deploy ENV puts it right" }];
  const { seen } = answer;
  const message = `${frontText(frontDoor(config))} does not show it: ${answer.problem}`;
  if (seen?.status && seen.release !== release) return [{ message, fix: elsewhereHint(config, asked, seen) }];
  return [{ message, fix: doorFix(config, seen) }];
}

function doorFix(config: Config, seen: Seen | null): string {
  if (seen?.error && !seen.timeout) return silentHint(config, seen);
  return "djdeploy logs ENV shows what the release says; djdeploy rollback ENV goes back";
}
