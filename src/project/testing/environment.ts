import { rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../config/types.ts";
import { DeployError, ExitCode } from "../../errors.ts";
import { atExit } from "../at-exit.ts";
import { scrubbed } from "../environment.ts";
import { type Outcome, runProgram } from "../process.ts";
import type { Tree } from "../tree.ts";
import type { Project } from "../types.ts";
import { cached } from "./cache.ts";
import type { Needs } from "./needs.ts";
import { findPython } from "./python.ts";

interface Request {
  project: Project;
  config: Config;
  tree: Tree;
  needs: Needs;
  /** Folder with the files of the revision. */
  checkout: string;
  onLine(line: string): void;
  signal?: AbortSignal | undefined;
}

/**
 * A virtual environment with what the tests need, its folder returned. It is kept in the user's cache under a hash of
 * the interpreter and of every file that decides what is installed.
 */
export async function testEnvironment(request: Request): Promise<{ folder: string; reused: boolean }> {
  const { project, needs, tree } = request;
  const python = await findPython(project.python.value);
  const ids = needs.closure.map((file) => `${file}=${tree.entries.get(file)?.id}`);
  const key = [
    ...["1", python.file, python.version, process.arch, project.installer.value],
    ...[...ids, ...needs.files, ...needs.lines, ...needs.groups, ...needs.extras],
  ];
  return cached("tests", key, works, async (folder) => {
    const release = atExit(() => rmSync(folder, { recursive: true, force: true }));
    try {
      await makeVenv(request, python.file, folder);
      await install(request, folder);
    } finally {
      release();
    }
  });
}

async function works(folder: string): Promise<boolean> {
  const python = join(folder, "bin", "python");
  const answer = await runProgram({
    file: python,
    args: ["-c", "import pip"],
    cwd: "/",
    env: scrubbed(),
  }).catch(() => null);
  return answer?.code === 0;
}

async function makeVenv({ onLine, signal }: Request, python: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const args = ["-m", "venv", folder];
  const made = await runProgram({ file: python, args, cwd: folder, env: scrubbed(), onLine, signal });
  if (made.code === 0) return;
  const output = made.lines.slice(-15).join("\n");
  const missing = /ensurepip|No module named venv/.test(output);
  throw new DeployError(
    missing ? "tests.no-venv" : "tests.install",
    ExitCode.failed,
    missing
      ? `${python} can not make virtual environments`
      : "The virtual environment for the tests was not made",
    missing
      ? { hint: "apt-get install python3-venv, or run actions/setup-python before this step", output }
      : { output },
  );
}

/** With uv where the project uses it (installed into the environment where it is not on PATH), else with pip. */
async function install(request: Request, folder: string): Promise<void> {
  const { project, needs } = request;
  const pip = [
    join(folder, "bin", "python"),
    "-m",
    "pip",
    "install",
    "--no-input",
    "--progress-bar",
    "off",
    "--disable-pip-version-check",
  ];
  const locked =
    project.installer.value === "uv" && project.requirementArguments.length === 0 && !project.declared;
  if (locked) return installLocked(request, folder, pip);
  const named = (files: string[]) => files.flatMap((file) => ["-r", file]);
  // pip refuses to mix requirements with and without hashes, so what the tests need besides comes in a second call.
  const calls = project.hashed
    ? [
        named(project.requirementArguments),
        [
          ...named(needs.files.filter((file) => !project.requirementArguments.includes(file))),
          ...needs.lines,
        ],
      ]
    : [[...named(needs.files), ...needs.lines]];
  for (const wanted of calls)
    if (wanted.length > 0) await call(request, [...pip, ...wanted], request.checkout, {});
}

async function installLocked(request: Request, folder: string, pip: string[]): Promise<void> {
  const { project, needs, checkout } = request;
  const onPath = await runProgram({ file: "uv", args: ["--version"], cwd: "/", env: scrubbed() }).catch(
    () => null,
  );
  if (onPath?.code !== 0) await call(request, [...pip, "uv"], checkout, {});
  const uv = onPath?.code === 0 ? "uv" : join(folder, "bin", "uv");
  const lock = project.requirements[0]!;
  const options = [
    ...["sync", "--frozen", "--active", "--inexact", "--no-install-project", "--no-default-groups"],
    ...needs.groups.flatMap((group) => ["--group", group]),
    ...needs.extras.flatMap((extra) => ["--extra", extra]),
  ];
  const env = { VIRTUAL_ENV: folder, UV_PYTHON: join(folder, "bin", "python") };
  await call(request, [uv, ...options], join(checkout, lock, ".."), env);
}

async function call(
  { config, onLine, signal }: Request,
  [file = "", ...args]: string[],
  cwd: string,
  added: Record<string, string>,
): Promise<Outcome> {
  const env = scrubbed({ ...installVariables(config), ...added });
  const outcome = await runProgram({ file, args, cwd, env, onLine, signal });
  if (outcome.code === 0) return outcome;
  throw new DeployError("tests.install", ExitCode.failed, "What the tests need could not be installed", {
    seen: `${args.filter((one) => !one.includes("://")).join(" ")} ended with exit code ${outcome.code}`,
    hint: "a private index is given by `python: {env: [PIP_EXTRA_INDEX_URL]}`",
    output: outcome.lines.slice(-20).join("\n"),
  });
}

/** `python.env`: the only names that install steps get besides. */
function installVariables(config: Config): Record<string, string> {
  return Object.fromEntries(
    config.python.env.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
