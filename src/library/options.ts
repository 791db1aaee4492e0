import { z } from "zod";
import { type DeployError, usageError } from "../errors.ts";
import type { DeployOptions, LintOptions, PlanOptions, RollbackOptions, RunOptions } from "./types.ts";

// What callers without a type checker may get wrong. Values are never told: they may be secrets.

const text = z.string().min(1).optional();
const callback = z.custom((value) => typeof value === "function", "expected a function").optional();
const project = {
  cwd: text,
  config: text,
  environment: text,
  values: z.record(z.string(), z.string()).optional(),
};
const ssh = z.strictObject({
  ...{ privateKey: text, identity: text, passphrase: text, agent: text },
  ...{ knownHosts: text, config: text, user: text },
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

/** The options of a verb, or `library.option`: which one, and what was expected. */
export function checked<Verb extends keyof OptionsOf>(verb: Verb, options: OptionsOf[Verb]): OptionsOf[Verb] {
  const result = schemas[verb].safeParse(options);
  if (result.success) return options;
  throw wrong(verb, result.error);
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
