import { join } from "node:path";
import type { Config } from "../../config/types.ts";
import { DeployError, ExitCode } from "../../errors.ts";
import type { Emit } from "../../report/event.ts";
import { scrubbed } from "../environment.ts";
import { type Outcome, runProgram } from "../process.ts";
import { collectCheckout } from "../shipment.ts";
import { type Tree, treeOf } from "../tree.ts";
import type { Project } from "../types.ts";
import { withCheckout } from "./checkout.ts";
import { type TestCommand, testCommand } from "./command.ts";
import { testEnvironment } from "./environment.ts";
import { type Needs, testNeeds } from "./needs.ts";
import { readOutcome, type TestOutcome } from "./outcome.ts";

/** What was run; `ran` is null where the command does not say how many tests there were. */
export interface TestReport {
  command: string;
  ran: number | null;
  /** The virtual environment was there already. */
  reusedEnvironment: boolean;
}

/**
 * Runs the project's tests at the revision: its files in a temporary folder, its requirements and those for
 * development in a virtual environment of their own. They see the names in `environment.ts` and `test.env`: no key,
 * no token, no secret. Output becomes `step.output` events. Failing tests are a DeployError `tests.failed` (exit code
 * 4) that names them; no tests at all is a warning. Returns null where `test.command` is false.
 */
export async function runTests(
  config: Config,
  project: Project,
  emit: Emit,
  signal?: AbortSignal,
): Promise<TestReport | null> {
  if (config.test.command === false) return null;
  const onLine = (message: string) => emit({ code: "step.output", level: "info", step: "test", message });
  return withTestEnvironment(config, project, { onLine, signal }, async ({ checkout, tree, needs, venv }) => {
    const command = await testCommand(tree, project, config, needs, venv.folder);
    const run = await runProgram({
      file: command.file,
      args: command.args,
      cwd: join(checkout, command.folder),
      env: testVariables(config, venv.folder),
      onLine,
      signal,
    });
    const outcome = readOutcome(run.lines);
    const none = outcome.ran === 0 && outcome.failed.length === 0;
    if (run.code !== 0 && !(none && run.code === 5)) throw failure(config, command, run, outcome);
    if (none)
      emit({
        code: "note",
        level: "warning",
        step: "test",
        message: `${command.shown}: no tests were found`,
      });
    return { command: command.shown, ran: outcome.ran, reusedEnvironment: venv.reused };
  });
}

export interface TestPlace {
  /** Folder with the files of the revision. */
  checkout: string;
  tree: Tree;
  needs: Needs;
  venv: { folder: string; reused: boolean };
}

/** Works in a checkout of the revision, beside a virtual environment with what the tests need; both as for the tests. */
export async function withTestEnvironment<T>(
  config: Config,
  project: Project,
  { onLine, signal }: { onLine(line: string): void; signal?: AbortSignal | undefined },
  work: (place: TestPlace) => Promise<T>,
): Promise<T> {
  const tree = await treeOf(project);
  const needs = await testNeeds(tree, project, config);
  return withCheckout(await collectCheckout(project, config), async (checkout) => {
    const venv = await testEnvironment({ project, config, tree, needs, checkout, onLine, signal });
    return work({ checkout, tree, needs, venv });
  });
}

/** What programs of the project see while they are tested: no key, no token, no secret. */
export function testVariables(config: Config, venv: string): Record<string, string> {
  const settings = config.test.settings === null ? {} : { DJANGO_SETTINGS_MODULE: config.test.settings };
  return scrubbed({
    PATH: `${join(venv, "bin")}:${process.env.PATH ?? "/usr/bin:/bin"}`,
    VIRTUAL_ENV: venv,
    PYTHONUNBUFFERED: "1",
    ...settings,
    ...config.test.env,
  });
}

/** At most this many names in the message; the output has them all. */
const shownNames = 10;

function failure(
  config: Config,
  command: TestCommand,
  run: Outcome,
  { ran, failed }: TestOutcome,
): DeployError {
  const more = failed.length > shownNames ? `, and ${failed.length - shownNames} more` : "";
  const names = `${failed.slice(0, shownNames).join(", ")}${more}`;
  const end = run.code === null ? `was ended by ${run.signal}` : `ended with exit code ${run.code}`;
  const output = run.lines.slice(-40).join("\n");
  const message =
    failed.length > 0
      ? `${failed.length} of ${Math.max(ran ?? 0, failed.length)} tests failed: ${names}`
      : `The tests could not run: ${command.shown} ${end}`;
  const settings = /KeyError: ['"][A-Z_]+['"]|ImproperlyConfigured|UndefinedValueError/.test(output);
  return new DeployError("tests.failed", ExitCode.tests, message, {
    step: "test",
    seen: `${command.shown} ${end}`,
    hint: settings
      ? `tests see no secrets: give them values of their own under \`test: {env: {…}}\`${config.test.settings ? "" : ", or a `test: {settings: …}`"}`
      : again(command, failed),
    output,
  });
}

/** The command that runs one of the failed tests alone. */
function again(command: TestCommand, [first]: string[]): string {
  const folder = command.folder === "." || command.folder === "" ? "" : `cd ${command.folder} && `;
  const shown =
    command.file === "sh"
      ? command.shown
      : `python ${command.shown === "pytest" ? "-m pytest" : command.shown}`;
  return `to see it again: ${folder}${shown}${first === undefined || command.file === "sh" ? "" : ` ${first}`}`;
}
