import { DeployError, ExitCode } from "../errors.ts";
import type { Inspection, Manifest } from "../host/types.ts";
import { venvTrouble } from "../plan/interpreter.ts";
import type { HostRun } from "./hosts.ts";
import type { RollbackOptions } from "./types.ts";

/** The database may be ahead of the old code: that is said, or refused, by the policy that was asked for. */
export function judgeSchema(
  options: RollbackOptions,
  target: string,
  host: string,
  inspection: Inspection,
  note: (message: string, level?: "info" | "warning") => void,
): void {
  const ahead = inspection.migrations?.unknown ?? [];
  if (ahead.length === 0) return;
  const names = ahead.join(", ");
  if (options.migrations === "refuse") {
    throw new DeployError("migrations.ahead", ExitCode.refused, `the database is ahead of ${target}`, {
      host,
      seen: names,
      hint: "--migrations keep goes back and leaves the schema as it is",
    });
  }
  note(`the database is ahead of ${target} by ${names}; the schema is kept as it is`, "warning");
}

/** Going back installs nothing: what the release ran with has to be there, or it is refused before anything moves. */
export function requireVenv(host: HostRun, target: Manifest): void {
  const trouble = venvTrouble(host.facts, target.venv);
  if (trouble === null) return;
  throw new DeployError(
    "rollback.venv",
    ExitCode.failed,
    `${target.id} can not start any more on ${host.name}: ${trouble}`,
    {
      host: host.name,
      expected: `venvs/${target.venv ?? "?"} as it was when the release was made`,
      hint: `deploy that revision again: djdeploy deploy ENV --revision ${target.revision.slice(0, 12)} --force "going back"`,
    },
  );
}
