import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import { hostFiles } from "../host/files.gen.ts";
import type { AnswerOf } from "../host/protocol.ts";
import { runProgram } from "../project/process.ts";
import { testVariables, withTestEnvironment } from "../project/testing/index.ts";
import type { Project } from "../project/types.ts";
import { type Pending, readPending } from "./answer.ts";

/** What a database said of itself (djd_applied.py). */
export type Applied = AnswerOf<"applied">;

/**
 * The migrations of a revision that a database lacks, with their SQL. The revision's code runs here, in the environment
 * of its tests, and never on a host: who may propose a change may not yet run it there. No database is connected to.
 */
export async function pendingWithSql(
  config: Config,
  project: Project,
  applied: Applied,
  signal: AbortSignal,
): Promise<Pending[]> {
  const onLine = () => {};
  return withTestEnvironment(config, project, { onLine, signal }, async ({ checkout, venv }) => {
    const folder = await mkdtemp(join(tmpdir(), "djdeploy-sql-"));
    try {
      const file = (name: string) => join(folder, name);
      await writeFile(file("plan.py"), hostFiles["plan_migrations.py"]);
      await writeFile(file("question.json"), JSON.stringify(applied));
      const ended = await runProgram({
        file: join(venv.folder, "bin", "python"),
        args: [file("plan.py"), file("question.json"), file("answer.json")],
        cwd: join(checkout, project.root.value),
        env: testVariables(config, venv.folder),
        signal,
      });
      if (ended.code !== 0) throw failed(ended.lines);
      return readPending(file("answer.json"));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

function failed(lines: string[]): DeployError {
  const last = lines.filter((line) => line.trim() !== "").at(-1) ?? "no output";
  return new DeployError("plan.sql", ExitCode.failed, `the project's Django did not load here: ${last}`, {
    hint: "it runs as the tests do: give it what it needs under `test: {env: {…}}`",
    output: lines.slice(-20).join("\n"),
  });
}
