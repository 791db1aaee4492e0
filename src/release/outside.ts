import { get } from "node:http";
import { get as getTls } from "node:https";
import { isIP } from "node:net";
import { DeployError, ExitCode } from "../errors.ts";
import { type PublicDoor, publicDoor } from "../plan/outside.ts";
import type { Activation } from "./attempt-state.ts";
import { either, type HostRun } from "./hosts.ts";
import type { Recorder } from "./recorder.ts";
import type { RunContext } from "./types.ts";

const patienceMs = 5_000;

/**
 * Whether anybody from outside gets an answer: a firewall that closes 80 and 443 is not seen by what the host asks of itself.
 * Any answer over HTTP will do, for what it says was proven on the host. null = somebody does; else what was tried, and
 * what came. `signal` ends the question. Never rejects.
 */
export async function nobodyAnswers(door: PublicDoor, signal: AbortSignal): Promise<string | null> {
  const own = await knock(door.address, door, signal);
  if (own === null) return null;
  const scheme = door.tls ? "https" : "http";
  const tried = `${scheme}://${door.address}:${door.port}: ${own}`;
  if (!door.byName) return tried;
  // A balancer or CDN that the configuration does not tell of: then visitors come by the name.
  const named = await knock(door.name, door, signal);
  return named === null ? null : `${tried}; ${scheme}://${door.name}:${door.port}: ${named}`;
}

/** null = an answer; else why there is none. */
function knock(
  address: string,
  { port, tls, name }: PublicDoor,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve) => {
    const to = {
      ...{ host: address, port, path: "/", agent: false as const },
      headers: { Host: name, "User-Agent": "djdeploy" },
      signal: either(AbortSignal.timeout(patienceMs), signal),
    };
    const answer = (response: { statusCode?: number | undefined; destroy(): unknown }) => {
      const { statusCode = 0 } = response;
      response.destroy();
      // A CDN says so of an origin that it does not reach.
      resolve(address === name && statusCode >= 520 && statusCode <= 530 ? `answered ${statusCode}` : null);
    };
    const servername = isIP(name) === 0 ? { servername: name } : {};
    // Whose certificate it is does not matter here: something answers.
    const request = tls
      ? getTls({ ...to, ...servername, rejectUnauthorized: false }, answer)
      : get(to, answer);
    request.on("error", (error: NodeJS.ErrnoException) => {
      const silent = error.name === "AbortError" || error.name === "TimeoutError";
      resolve(silent ? `no answer within ${patienceMs / 1000} s` : (error.code ?? "no answer"));
    });
  });
}

function doorFor({ config }: Activation, { targets }: RunContext, host: HostRun): PublicDoor | null {
  const target = targets.find(({ name }) => name === host.name);
  return target && target.jump === null ? publicDoor(config, target.host) : null;
}

/** `front.public: required`: a step of its own, which fails where nobody comes in. */
export async function requireOutside(
  activation: Activation,
  context: RunContext,
  host: HostRun,
  recorder: Recorder,
): Promise<void> {
  const door = doorFor(activation, context, host);
  if (door === null || activation.config.front.public !== "required") return;
  await recorder.step("outside", host.name, async () => {
    // The switch is done: a run that is cancelled now is finished, and this has its own limit.
    const shut = await nobodyAnswers(door, new AbortController().signal);
    if (shut === null) return;
    throw new DeployError("health.outside", ExitCode.failed, "nobody outside gets an answer", {
      host: host.name,
      expected: "an answer over HTTP, asked from here",
      seen: shut,
      hint: hint(door),
    });
  });
}

/** Begins to ask, until `ended`; what is answered is told by the returned function, while the run goes on. */
export function lookOutside(
  activation: Activation,
  context: RunContext,
  host: HostRun,
  recorder: Recorder,
  ended: AbortSignal,
): () => Promise<void> {
  const door = activation.config.front.public === "warn" ? doorFor(activation, context, host) : null;
  const asked = door === null ? null : nobodyAnswers(door, ended);
  return async () => {
    const shut = await asked;
    // One that is lost is told of in another way.
    if (!shut || door === null || host.lost) return;
    const message = `${host.name} serves, and from here nobody gets an answer (${shut}): ${hint(door)}`;
    recorder.warnings.push(message);
    recorder.note(message, { host: host.name, level: "warning" });
  };
}

function hint({ port }: PublicDoor): string {
  return `open port ${port} in the host's firewall (ufw allow ${port}/tcp) and the provider's; where visitors come another way, front: {public: never} asks no more`;
}
