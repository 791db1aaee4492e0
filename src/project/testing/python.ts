import { DeployError, ExitCode } from "../../errors.ts";
import { scrubbed } from "../environment.ts";
import { runProgram } from "../process.ts";
import { satisfies } from "../specifier.ts";

export interface Python {
  /** What to call it by. */
  file: string;
  version: string;
}

const names = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/** The first interpreter on PATH that the project accepts. */
export async function findPython(specifier: string): Promise<Python> {
  const seen: string[] = [];
  for (const name of names) {
    const python = await ask(name);
    if (!python) continue;
    if (satisfies(python.version, specifier)) return python;
    seen.push(`${name} is ${python.version}`);
  }
  const message =
    seen.length === 0
      ? "The tests need Python, and there is no python3 on PATH"
      : `The tests need Python ${specifier}, which is not on PATH`;
  throw new DeployError("tests.no-python", ExitCode.failed, message, {
    expected: `Python ${specifier}`,
    seen: seen.join(", ") || "no python3",
    hint: "run actions/setup-python before this step, or install it (Debian, Ubuntu: apt-get install python3-venv)",
  });
}

async function ask(name: string): Promise<Python | null> {
  const args = ["-c", "import platform, sys; print(platform.python_version(), sys.executable)"];
  const answer = await runProgram({ file: name, args, cwd: "/", env: scrubbed() }).catch(() => null);
  if (answer?.code !== 0) return null;
  const [, version, file] = /^(\d+\.\d+\.\d+)\S* (.+)$/.exec(answer.lines[0] ?? "") ?? [];
  return version && file ? { version, file } : null;
}
