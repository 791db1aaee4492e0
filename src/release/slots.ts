import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import { fullHint, isFull } from "../host/full.ts";
import { NotBegun } from "../host/link.ts";
import type { AnswerOf } from "../host/protocol.ts";
import type { Asked } from "../host/session.ts";
import type { ProbeAnswer, Proof } from "../host/types.ts";
import { byRelease } from "../plan/agreement.ts";
import { frontText, probeRequest } from "../plan/request.ts";
import { causeHint } from "./causes/index.ts";
import { elsewhereHint } from "./elsewhere.ts";
import type { HostRun, Proven } from "./hosts.ts";
import { projectLines } from "./python-log.ts";

type BootAnswer = AnswerOf<"wait-boot">;

/** Starts a release where nobody sees it. */
export function askStart(to: Asked, host: HostRun, release: string): Promise<unknown> {
  const { stage } = host.plan;
  const asked = to.request("boot", { slot: stage, release });
  const begun = asked.then(
    () => true,
    (error) => !(error instanceof NotBegun),
  );
  host.started.set(stage, begun);
  return asked;
}

/** Asks until any worker of the release that was started answers; what it gives waits for that. */
export function askBoot(
  to: Asked,
  config: Config,
  host: HostRun,
  release: string,
  healthHost: string,
): () => Promise<void> {
  const asked = to.request("wait-boot", {
    slot: host.plan.stage,
    release,
    request: probeRequest(config, healthHost, null),
    deadline: config.health.deadlineMs / 1000,
  });
  return async () => requireBooted(config, host, healthHost, await asked);
}

function requireBooted(config: Config, host: HostRun, healthHost: string, answer: BootAnswer): void {
  host.bootMs = answer.ms ?? 0;
  if (answer.ok) return;
  const log = answer.log ?? "";
  if (answer.hangs) throw hanging(config, host.name, healthHost, log);
  const exception = lastError(log);
  // What the server says behind the project's exception is about itself, and pushes the exception out of sight.
  const told = exception ? log.slice(0, log.lastIndexOf(exception) + exception.length) : log;
  throw new DeployError(
    "boot.failed",
    ExitCode.failed,
    `the release does not start on ${host.name}: ${answer.problem}`,
    {
      host: host.name,
      expected: `workers that answer within ${config.health.deadlineMs / 1000} s`,
      ...(answer.problem ? { seen: exception ?? answer.problem } : {}),
      output: tail(told),
      hint: causeHint(log) ?? bootHint(log, answer.timedOut === true),
    },
  );
}

function hanging(config: Config, host: string, healthHost: string, log: string): DeployError {
  const { path, requestTimeoutMs, deadlineMs } = config.health;
  return new DeployError(
    "boot.hangs",
    ExitCode.failed,
    `the release starts on ${host}, but ${path} does not answer within ${requestTimeoutMs / 1000} s`,
    {
      host,
      at: `${healthHost}${path} on the private socket`,
      expected: `an answer within health.request-timeout (${requestTimeoutMs / 1000} s), tried for ${deadlineMs / 1000} s`,
      seen: "no answer",
      output: tail(log),
      hint: "do the workers take longer to start than health.deadline? If not, what does this page wait for: a database, another service, a lock? health.path names another page, health.request-timeout gives it longer",
    },
  );
}

function bootHint(log: string, timedOut: boolean): string {
  if (isFull(log)) return fullHint;
  if (timedOut) return "if it only needs longer, raise health.deadline";
  return "the lines above are the server's own log; djdeploy logs ENV shows more";
}

/** The exception line of a traceback, which says more than the server's "worker failed to boot". */
function lastError(log: string): string | undefined {
  return log
    .split("\n")
    .filter((line) => /^[\w.]*(Error|Exception|Interrupt|Exit|Configured)\b.*$/.test(line.trim()))
    .at(-1)
    ?.trim();
}

export function tail(log: string, lines = 30): string {
  return projectLines(log).trimEnd().split("\n").slice(-lines).join("\n");
}

/** health.deadline is for boot and page together; a page that was never asked gets one request's time at least. */
function deadlineLeft(config: Config, host: HostRun): number {
  const { deadlineMs, requestTimeoutMs, successes } = config.health;
  return Math.max(deadlineMs - host.bootMs, requestTimeoutMs * successes);
}

/** Asks the private socket until the page is good: status, redirect, content, and the release's own answer. */
export function askPage(
  to: Asked,
  config: Config,
  host: HostRun,
  release: string,
  healthHost: string,
  live: number | null,
): () => Promise<ProbeAnswer> {
  const probed = to.request("probe", {
    slot: host.plan.stage,
    release,
    request: probeRequest(config, healthHost, live),
    deadline: deadlineLeft(config, host) / 1000,
    successes: config.health.successes,
  });
  return async () => {
    const answer = await probed;
    if (answer.ok) return answer;
    throw badAnswer(
      config,
      host,
      answer,
      "probe.failed",
      `${healthHost}${config.health.path} on the private socket`,
    );
  };
}

/** What is to be proven: who serves, asked under which name. `live`: what the release before answered. */
export interface Served {
  release: string;
  slot: string;
  healthHost: string;
  live: number | null;
}

/**
 * Asks for the proof of a release: the same question through the host's own front door, as visitors ask it, and who
 * answered: the slot's processes by their folder. What it gives waits for that, and says in a sentence what was seen.
 */
export function askProof(to: Asked, config: Config, host: HostRun, served: Served): () => Promise<Proven> {
  const { release, slot, healthHost } = served;
  const { front } = host.plan;
  const asked = to.request("serves", {
    where: front,
    release,
    slot,
    request: probeRequest(config, healthHost, served.live),
    deadline: Math.min(config.health.deadlineMs / 1000, 15),
    successes: config.health.successes,
  });
  return async () => {
    const { answer, proof } = await asked;
    if (!answer.ok) throw badAnswer(config, host, answer, "front.failed", askedAt(config, host, healthHost));
    if (!proof.ok) throw notServing(host, served, proof);
    return {
      text: `${frontText(front)} answered ${answer.seen?.status} from it; main process ${proof.main} and ${proof.workers.length} workers work in its folder`,
      mains: { [slot]: proof.main },
    };
  };
}

export function proveServing(config: Config, host: HostRun, served: Served): Promise<Proven> {
  return askProof(host.session, config, host, served)();
}

export function notServing(
  host: HostRun,
  { release, slot }: { release: string; slot: string },
  { problem }: Pick<Proof, "problem">,
): DeployError {
  const message = `${host.name} does not serve ${release}: ${problem}`;
  return new DeployError("proof.failed", ExitCode.failed, message, {
    host: host.name,
    expected: `slot ${slot} runs ${release} and answers`,
    seen: problem ?? "",
    hint: "djdeploy logs ENV shows what it said last",
  });
}

/** `processes 116, 158 of 20261120T163748Z-ff1fbac still run`, a sentence for each other release. */
export function survivorsText({ survivors }: Pick<Proof, "survivors">): string[] {
  return byRelease(survivors).map(([who, several]) => `${who} still ${several ? "run" : "runs"}`);
}

/** What was asked through the front door. */
export function askedAt(config: Config, { plan: { front } }: HostRun, healthHost: string): string {
  return `${frontText(front)}${config.health.path} (Host: ${healthHost})`;
}

export function badAnswer(
  config: Config,
  host: HostRun,
  answer: ProbeAnswer,
  code: string,
  where: string,
): DeployError {
  const expected =
    config.health.status === "auto"
      ? "2xx, 401, 403, 404 or a redirect that stays on the site"
      : config.health.status.join(", ");
  const log = answer.log ?? "";
  const body = answer.seen?.body && !answer.seen.exception ? `page: ${answer.seen.body}` : "";
  return new DeployError(
    code,
    ExitCode.failed,
    `the release is not well on ${host.name}: ${answer.problem}`,
    {
      host: host.name,
      at: where,
      expected: `${expected}${config.health.contains ? `, containing "${config.health.contains}"` : ""}`,
      seen: seenText(answer),
      output: [body, tail(log)].filter(Boolean).join("\n"),
      hint: causeHint(log, answer.seen?.exception ?? "") ?? probeHint(config, host, answer, code),
    },
  );
}

/** `500, ValueError: … (visits/views.py:8)`, `301 → https://…`, or why there was no answer. */
function seenText({ seen, problem }: ProbeAnswer): string {
  if (!seen?.status) return problem ?? "nothing";
  const to = seen.location ? ` → ${seen.location}` : "";
  return `${seen.status}${to}${seen.exception ? `, ${seen.exception}` : ""}`;
}

function probeHint(config: Config, host: HostRun, answer: ProbeAnswer, code: string): string {
  const status = answer.seen?.status ?? 0;
  const exception = answer.seen?.exception ?? "";
  if (exception.includes("DisallowedHost")) return "add the site's name to ALLOWED_HOSTS, or set health.host";
  if (exception) return `the page that health.path names raises this; mend it, or name another page`;
  if (status === 400)
    return "the page refuses the request itself; health.path and health.host say what is asked";
  const inFront = code === "front.failed" && host.plan.door.kind === "link";
  if (status >= 300 && status < 400 && inFront && answer.seen && !answer.seen.release)
    return elsewhereHint(config, config, answer.seen);
  if (status >= 300 && status < 400)
    return "if nginx or a balancer ends TLS, set tls: external; else look at SECURE_SSL_REDIRECT and health.scheme";
  if (status >= 500) return "the server's own log is above; health.path and health.status say what is asked";
  if (inFront)
    return "does the web server pass requests to run/web.sock of this application? djdeploy setup ENV writes its site";
  return "health.path, health.status and health.request-timeout say what is asked";
}
