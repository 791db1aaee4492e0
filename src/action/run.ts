import { loadConfig } from "../config/load.ts";
import { mayBeNamed } from "../config/schema/names.ts";
import type { Config } from "../config/types.ts";
import { asDeployError, DeployError, ExitCode, usageError } from "../errors.ts";
import { refusedEvent } from "../github/event.ts";
import { earlyReport } from "../report/early.ts";
import { annotation, createGithubReporter } from "../report/github.ts";
import { type Reporter, redacting, reportEnding } from "../report/reporter.ts";
import { unhiddenNote } from "../report/unhidden.ts";
import { unforeseenLine } from "../unforeseen.ts";
import { namesOfBase } from "./base-hosts.ts";
import { type GithubRun, readGithubRun } from "./github.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { createMask } from "./mask.ts";
import { connectGithub } from "./octokit.ts";
import { writeOutputs } from "./outputs.ts";
import { writeSummary } from "./summary.ts";
import { perform } from "./verbs/index.ts";
import { type Done, nothingDone } from "./verbs/types.ts";

type Env = Record<string, string | undefined>;

/** Starts the action anew with its secrets hidden; comes back with the reason where it cannot. */
type Seal = (env: Env) => string;

/**
 * The action from the runner's environment to the exit code. Outputs and summary are written however it ends. `seal`
 * is called before files of the project are read or its programs run beside the secrets; null: their process shows none any more.
 * `unsaved`: why the step's post cannot be told that this ran; it would do all of it again, so nothing is done.
 */
export async function run(
  env: Env,
  signal: AbortSignal,
  seal: Seal | null,
  unsaved: string | null = null,
): Promise<number> {
  const started = Date.now();
  const mask = createMask();
  mask.add([env["INPUT_SSH-PRIVATE-KEY"], env["INPUT_SSH-PASSPHRASE"], env["INPUT_GITHUB-TOKEN"]]);
  const github = readGithubRun(env);
  const write = (text: string) => void process.stdout.write(mask.redact(text));
  const reporter = redacting(createGithubReporter(write, { quiet: false }), mask.redact);
  let inputs: Inputs | null = null;
  let done: Done;
  try {
    if (unsaved !== null) {
      throw new DeployError(
        "action.state",
        ExitCode.failed,
        "nothing was done: the step cannot leave its state",
        {
          seen: unsaved,
          hint: "something before this step changed the runner's files; run the job anew",
        },
      );
    }
    inputs = readInputs(env);
    mask.add(Object.values(inputs.secrets));
    if (acts(inputs)) guard(github);
    let shown = seal && readsFirst(inputs) ? seal(env) : null;
    const { workspace: cwd } = github;
    const loaded = await loadConfig({ file: inputs.config, cwd, environment: inputs.environment });
    const runs = runsProject(inputs, loaded);
    if (seal && runs) shown ??= seal(env);
    const based = inputs.command === "plan" && github.eventName === "pull_request";
    const named = based
      ? await namesOfBase(loaded)
      : { secrets: loaded.env.secrets, install: loaded.python.env };
    const python = { ...loaded.python, env: named.install };
    const config = withFailLevel({ ...loaded, python }, inputs);
    const values = collectValues(loaded, inputs, env, [...named.secrets, ...named.install]);
    mask.add(Object.values(values));
    // Install steps look their names up there, and only they.
    for (const name of config.python.env) {
      const value = own(values, name);
      if (value) process.env[name] = value;
    }
    if (runs && shown !== null) write(annotation("warning", `${readable}: ${shown}`, null));
    const message = unhiddenNote(values);
    if (message !== null) {
      reporter.event({ time: new Date().toISOString(), code: "note", level: "warning", message });
    }
    const client = connectGithub(env);
    done = await perform({
      inputs,
      config,
      values,
      github,
      client,
      reporter,
      write,
      redact: mask.redact,
      hide: mask.add,
      signal,
    });
  } catch (thrown) {
    done = failed(asDeployError(thrown), inputs);
  }
  const silent = finish(reporter, done);
  const durationMs = Date.now() - started;
  const unwritten = [
    ...writeOutputs({ ...done, durationMs, temp: github.temp, redact: mask.redact }),
    writeSummary({ done, inputs, durationMs, github, silent }, mask.redact),
  ];
  for (const problem of new Set(unwritten)) {
    // Of the state it was said already.
    if (problem !== null && unsaved === null) write(annotation("warning", problem, null));
  }
  return done.ending.error?.exitCode ?? ExitCode.done;
}

/**
 * Whether the secrets are hidden before anything of the repository is read, which costs one more start. For a rollback,
 * and a deploy of what was tested before, djdeploy.yml tells first whether it is needed.
 */
function readsFirst({ command, tests }: Inputs): boolean {
  return command !== "rollback" && (command !== "deploy" || tests === "run");
}

/** Whether programs of the repository run here: its build, its tests, its own Django for the SQL of migrations. */
function runsProject({ command, tests, sshPrivateKey }: Inputs, { build, test }: Config): boolean {
  if (command === "plan") return sshPrivateKey !== null;
  if (command === "test") return test.command !== false;
  if (command === "build") return build.command !== null;
  const builds = build.command !== null && build.artifact === null;
  return command === "deploy" && (builds || (tests === "run" && test.command !== false));
}

const readable = "the build and the tests can read this step's key, token and secrets";

/** The log's end. What goes wrong with it changes nothing of what was done: it is answered, for the summary. */
function finish(reporter: Reporter, { ending }: Done): string | null {
  try {
    reporter.end(ending);
    reporter.close();
    return null;
  } catch (thrown) {
    return unforeseenLine(thrown);
  }
}

function acts({ command }: Inputs): boolean {
  return command === "deploy" || command === "rollback";
}

function guard({ eventName, event, eventProblem }: GithubRun): void {
  if (eventProblem) throw eventProblem;
  const refusal = refusedEvent(eventName, event);
  if (refusal) throw refusal;
}

function withFailLevel(config: Config, { failLevel }: Inputs): Config {
  return failLevel === null ? config : { ...config, lint: { ...config.lint, failLevel } };
}

/** Values for env.secrets and python.env: the input `secrets` before the step's env, and of that exactly `taken`. */
function collectValues(config: Config, inputs: Inputs, env: Env, taken: string[]): Record<string, string> {
  const names = [...new Set([...config.env.secrets, ...config.python.env])];
  const unknown = Object.keys(inputs.secrets).findIndex((name) => !names.includes(name));
  if (unknown >= 0) {
    // Not shown: it may be a part of a value that has several lines.
    throw usageError(
      "input.secrets",
      `the input secrets: name ${unknown + 1} is not in env.secrets or python.env`,
      {
        expected: names.length > 0 ? `one of ${names.join(", ")}` : "names listed under env.secrets",
        hint: "add it to env.secrets in djdeploy.yml; a value of several lines is written NAME<<END, its lines, END",
      },
    );
  }
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = own(inputs.secrets, name) || (taken.includes(name) && mayBeNamed(name) && own(env, name));
    if (value) values[name] = value;
  }
  return values;
}

/** A name like `constructor` is no more than a name. */
function own(values: Env, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function failed(error: DeployError, inputs: Inputs | null): Done {
  if (inputs && !acts(inputs)) return { ...nothingDone, ending: { line: {}, text: () => "", error } };
  const report = earlyReport(error, inputs?.environment ?? "");
  return { ...nothingDone, report, ending: reportEnding(report, error) };
}
