import type { Io } from "./io.ts";

/** One option of a verb. Without `value` it is a switch. */
export interface Option {
  /** What stands for the value in the help: `REF`. */
  value?: string;
  help: string;
  /** The only values that are taken. */
  choices?: readonly string[];
  short?: string;
}

export type Options = Readonly<Record<string, Option>>;

/** What a verb's `run` finds for each option: a switch is a boolean, the rest a text or null when not given. */
export type Given<O extends Options> = {
  [K in keyof O]: O[K] extends { choices: readonly (infer C)[] }
    ? C | null
    : O[K] extends { value: string }
      ? string | null
      : boolean;
};

export interface Invocation<O extends Options = Options> {
  /** What stands beside the options, the verb left out. */
  positionals: string[];
  /** What follows a lone `--`; null when there is none. */
  rest: string[] | null;
  options: Given<O>;
  common: Common;
  io: Io;
}

/** One verb. `run` resolves with the exit code. */
export interface Command {
  name: string;
  summary: string;
  /** What follows the verb: `[ENV] [options]`. */
  usage: string;
  /** Commands that can be pasted. */
  example: string;
  /** More than the summary says, for the help and the reference page. */
  about?: string;
  options: Options;
  /** Not built yet: refused, and not listed among what works. */
  unsupported?: true;
  // biome-ignore lint/suspicious/noExplicitAny: each verb knows its own options, the list of verbs does not.
  run(invocation: Invocation<any>): Promise<number>;
}

/** Ties the options of a verb to what its `run` is given. */
export function defineCommand<const O extends Options>(
  command: Omit<Command, "run" | "options"> & {
    options: O;
    run(invocation: Invocation<O>): Promise<number>;
  },
): Command {
  return command;
}

/** Options that every verb takes. */
export const commonOptions = {
  config: { value: "FILE", help: "the configuration (default: djdeploy.yml, searched upward)" },
  format: {
    value: "FORMAT",
    choices: ["pretty", "json", "github"],
    help: "pretty for people, json for scripts, github for a workflow's log",
  },
  color: {
    value: "WHEN",
    choices: ["auto", "always", "never"],
    help: "colour in the output (NO_COLOR counts)",
  },
  quiet: { short: "q", help: "print only the result" },
  verbose: { short: "v", help: "print all output of all steps, and the stack of an unexpected error" },
  yes: { short: "y", help: "never ask" },
  identity: {
    short: "i",
    value: "FILE",
    help: "the private key (default: the agent, setup's own key, the usual files of ~/.ssh)",
  },
  "ssh-config": {
    value: "auto|none|FILE",
    help: "where aliases, users, ports, keys and jump hosts come from (default: auto, ssh's own)",
  },
  "env-file": { value: "FILE|-", help: "values for env.secrets; - reads standard input" },
  help: { short: "h", help: "show this help" },
} as const satisfies Options;

export type Common = Given<typeof commonOptions>;
