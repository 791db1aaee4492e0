import { resolve } from "node:path";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/types.ts";
import { asDeployError, DeployError, ExitCode } from "../errors.ts";
import type { RunContext } from "../release/types.ts";
import type { Emit, Event } from "../report/event.ts";
import { growingRedactor, type Redactor, redactDeep } from "../report/redact.ts";
import { redactError } from "../report/reporter.ts";
import { unhiddenNote } from "../report/unhidden.ts";
import { visible, visibleDeep } from "../report/visible.ts";
import { resolveTargets } from "../ssh/target.ts";
import type { AskHostKey } from "../ssh/types.ts";
import { RunError } from "./run-error.ts";
import type { ProjectOptions, RunOptions } from "./types.ts";

/** A run as the core takes it, and how what comes of it is handed out. */
export interface Opened {
  context: RunContext;
  /** Without a secret, and with nothing in a text that steers a terminal. */
  clean<T>(view: T): T;
  /** Whether `onEvent` threw. */
  deaf(): boolean;
}

export const cwdOf = ({ cwd }: ProjectOptions): string => resolve(cwd ?? ".");

/** Values that were given; empty ones count as not given. */
export const valuesOf = ({ values = {} }: ProjectOptions): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));

/** Reads djdeploy.yml and the key; does not connect yet. */
export async function open(options: RunOptions, hidden: Redactor): Promise<Opened> {
  const { ssh = {}, onEvent } = options;
  const cwd = cwdOf(options);
  const values = valuesOf(options);
  hidden.add([...Object.values(values), ssh.privateKey, ssh.passphrase].filter((one) => one !== undefined));
  const config = await configOf(options);
  const targets = await resolveTargets(config, {
    face: "library",
    sshConfig: sshConfigOf(cwd, ssh.config ?? "none"),
    identity: ssh.identity === undefined ? null : resolve(cwd, ssh.identity),
    privateKey: ssh.privateKey ?? null,
    passphrase: ssh.passphrase ?? null,
    knownHosts: ssh.knownHosts ?? null,
    agent: ssh.agent ?? null,
    user: ssh.user ?? null,
  });
  hidden.add(targets.flatMap(({ keys }) => keys.map(({ text }) => text)));
  const clean = <T>(view: T) => visibleDeep(redactDeep(view, hidden.redact)) as T;
  const { tell, failed } = listener(onEvent);
  const emit: Emit = (event) => tell(clean({ time: new Date().toISOString(), ...event }));
  const context: RunContext = {
    ...{ config, emit, targets, values },
    redact: hidden.redact,
    hide: hidden.add,
    actor: options.actor ?? "library",
    runUrl: options.runUrl ?? null,
    face: "library",
    signal: options.signal ?? new AbortController().signal,
    ...(options.confirmHostKey && { ask: asking(options.confirmHostKey) }),
  };
  const note = unhiddenNote(values);
  if (note !== null) emit({ code: "note", level: "warning", message: note });
  return { context, clean, deaf: failed };
}

/** The caller's function, of which nothing comes out: neither what it throws nor what a promise of it rejects with. */
function listener(onEvent: RunOptions["onEvent"]): { tell(event: Event): void; failed(): boolean } {
  let failed = false;
  const fail = () => {
    failed = true;
  };
  return {
    failed: () => failed,
    tell(event) {
      if (failed || !onEvent) return;
      try {
        Promise.resolve(onEvent(event)).catch(fail);
      } catch {
        fail();
      }
    },
  };
}

/** The caller's question, to which only `true` is a yes. */
function asking(confirm: AskHostKey): AskHostKey {
  return async (question) => {
    try {
      return (await confirm(question)) === true;
    } catch {
      throw new DeployError(
        "library.confirm-host-key",
        ExitCode.failed,
        "confirmHostKey threw: no key was trusted",
        {
          host: question.host,
        },
      );
    }
  };
}

const sshConfigOf = (cwd: string, which: string) =>
  which === "none" || which === "auto" ? which : resolve(cwd, which);

function configOf(options: ProjectOptions): Promise<Config> {
  return loadConfig({
    cwd: cwdOf(options),
    environment: options.environment ?? null,
    ...(options.config !== undefined && { file: options.config }),
  });
}

/** Runs a verb; whatever it throws is a DeployError without a secret in it. A RunError was looked at already. */
export async function guarded<T>(work: (hidden: Redactor) => Promise<T>): Promise<T> {
  const hidden = growingRedactor();
  try {
    return await work(hidden);
  } catch (thrown) {
    throw thrown instanceof RunError ? thrown : outside(thrown, hidden);
  }
}

/** An error as it leaves: no secret, nothing that steers a terminal, and no cause, whose text nobody has looked at. */
export function outside(thrown: unknown, hidden: Redactor): DeployError {
  const { code, exitCode, message, details, stack } = redactError(asDeployError(thrown), hidden.redact);
  const { cause, ...told } = details;
  const error = new DeployError(code, exitCode, visible(message), visibleDeep(told));
  error.stack = visible(stack ?? "");
  return error;
}
