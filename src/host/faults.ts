import { DeployError, ExitCode } from "../errors.ts";
import type { Wrong } from "./message.ts";
import type { Operation } from "./protocol.ts";
import { shapeOf } from "./protocol.ts";

const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
const asked = (op: Operation) => `to ${shapeOf(op).does} (${op})`;

/** Codes that say that nobody knows what a host did: it went away, said nothing, or what is no answer. */
export function isUnheard(code: string): boolean {
  return ["host.connection-lost", "host.silent", "host.answer"].includes(code);
}

/** It was let in and its agent never spoke. */
export function silentStart(host: string, ms: number, printed: string): DeployError {
  return new DeployError(
    "host.silent",
    ExitCode.unreachable,
    `${host} let us in, but the agent said nothing for ${seconds(ms)}`,
    {
      host,
      expected: "the agent's greeting",
      ...(printed ? { seen: `the login shell printed ${printed}` } : {}),
      hint: "does a login script (.bashrc, .profile, a forced command) wait for something? try: ssh HOST true",
    },
  );
}

/** What the login shell prints leaves no room for the agent. */
export function printsForEver(host: string, seen: string): DeployError {
  return new DeployError(
    "host.agent",
    ExitCode.failed,
    `the agent could not be started on ${host}: the login shell prints without end`,
    { host, expected: "the agent's greeting", seen, hint: "what runs at login there? try: ssh HOST true" },
  );
}

/** It was asked and said nothing at all, not even that it still works. */
export function silent(host: string, op: Operation, ms: number): DeployError {
  return new DeployError(
    "host.silent",
    ExitCode.failed,
    `${host} said nothing for ${seconds(ms)} while it was asked ${asked(op)}`,
    {
      host,
      expected: "a sign of life of the agent every few seconds",
      hint: "is the host short of memory or its disk stuck? what it was asked for may still go on there; djdeploy status ENV shows what serves",
    },
  );
}

/** It says that it lives, and does not come to an end. */
export function overdue(host: string, op: Operation, ms: number): DeployError {
  return new DeployError(
    "host.silent",
    ExitCode.failed,
    `${host} did not answer within ${seconds(ms)} when it was asked ${asked(op)}`,
    {
      host,
      expected: `an answer within ${seconds(ms)}`,
      hint: "what it was asked for may still go on there; djdeploy status ENV shows what serves",
    },
  );
}

/** It said something that our agent does not say. `op`: what it was asked for; null = nothing. */
export function notOurs(host: string, op: Operation | null, { expected, seen }: Wrong): DeployError {
  return new DeployError(
    "host.answer",
    ExitCode.failed,
    op === null
      ? `${host} said something that is not our agent's`
      : `${host} answered something that is not our agent's when it was asked ${asked(op)}`,
    {
      host,
      expected,
      seen,
      hint: "is a file under the application's .djdeploy or releases changed by hand, or does something stand between? what it was asked for may have been done there",
    },
  );
}

export function crashed(host: string, op: Operation, trace: string): DeployError {
  return new DeployError(
    "host.crash",
    ExitCode.failed,
    `the agent on ${host} failed when it was asked ${asked(op)}`,
    {
      host,
      output: trace.slice(-3000),
      seen: trace.trim().split("\n").at(-1)?.slice(0, 300) ?? "",
      hint: "where nothing on the host was changed by hand, this is a bug of djdeploy: please report it",
    },
  );
}
