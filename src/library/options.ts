import { z } from "zod";
import { type DeployError, usageError } from "../errors.ts";
import type { DeployOptions, LintOptions, PlanOptions, RollbackOptions, RunOptions } from "./types.ts";

// What callers without a type checker may get wrong. Values are never told: they may be secrets.

/** Where a text goes (git's arguments, a name, a file of keys) there is a bound; NUL ends a text for most of them. */
const bounded = (most: number) =>
  z
    .string()
    .min(1)
    .max(most, `expected at most ${most} characters`)
    .regex(/^[^\0]*$/, "expected a text without NUL")
    .optional();
const text = bounded(10_000);
/** As long as a file of it may be elsewhere. */
const keys = bounded(1_000_000);
/** What no environment can hold, whatever its encoding. */
const value = z
  .string()
  .max(16_000_000, "expected at most 16 MB")
  .regex(/^[^\0\p{Surrogate}]*$/u, "expected a text without NUL and without halves of a surrogate pair");
const callback = z.custom((value) => typeof value === "function", "expected a function").optional();
const project = {
  cwd: text,
  config: text,
  environment: text,
  values: z.record(z.string(), value).optional(),
};
const ssh = z.strictObject({
  ...{ privateKey: keys, identity: text, passphrase: text, agent: text },
  ...{ knownHosts: keys, config: text, user: text },
});
const run = {
  ...project,
  ssh: ssh.optional(),
  actor: text,
  runUrl: text,
  onEvent: callback,
  signal: z.instanceof(AbortSignal).optional(),
  confirmHostKey: callback,
};
const runOrSkip = z.enum(["run", "skip"]).optional();

const schemas = {
  status: z.strictObject(run),
  plan: z.strictObject({ ...run, revision: text, artifactSha256: text }),
  deploy: z.strictObject({
    ...{ ...run, revision: text, artifactSha256: text, tests: runOrSkip, lint: runOrSkip },
    ...{ wait: z.boolean().optional(), force: text },
  }),
  rollback: z.strictObject({
    ...{ ...run, to: text, migrations: z.enum(["auto", "keep", "refuse"]).optional() },
    env: z.enum(["current", "release"]).optional(),
  }),
  lint: z.strictObject({ ...project, settings: text }),
};

export interface OptionsOf {
  status: RunOptions;
  plan: PlanOptions;
  deploy: DeployOptions;
  rollback: RollbackOptions;
  lint: LintOptions;
}

/**
 * The options of a verb, or `library.option`: which one, and what was expected. A copy: what the caller's own object says
 * when it is asked again was not checked.
 */
export function checked<Verb extends keyof OptionsOf>(verb: Verb, options: OptionsOf[Verb]): OptionsOf[Verb] {
  const result = read(verb, options);
  if (result.success) return result.data as OptionsOf[Verb];
  throw wrong(verb, result.error);
}

function read<Verb extends keyof OptionsOf>(verb: Verb, options: OptionsOf[Verb]) {
  try {
    return schemas[verb].safeParse(options);
  } catch {
    // A getter or a proxy of the caller's: its error may hold anything.
    throw usageError("library.option", `the options of ${verb} throw when they are read`, {
      expected: "an object of plain values",
    });
  }
}

function wrong(verb: string, { issues }: z.ZodError): DeployError {
  const [issue] = issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const name = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].map(String).join(".");
  if (unknown !== undefined)
    return usageError("library.option", `${verb} has no option ${JSON.stringify(name)}`, {
      hint: "the options are those of its type; values of the project's variables belong into `values`",
    });
  return usageError("library.option", `the option ${name || "object"} of ${verb} can not be used`, {
    expected: issue?.message ?? "an object",
  });
}
