import { DeployError, ExitCode } from "../../errors.ts";
import { doctor } from "../../release/doctor/index.ts";
import { renderDoctor } from "../../release/views/doctor.ts";
import { count } from "../../release/views/table.ts";
import { createContext } from "../context.ts";
import { type Done, nothingDone, type Task } from "./types.ts";

/** Looks at the hosts; each finding that is no good news is an annotation, an error ends the job red. */
export async function doctorVerb(task: Task): Promise<Done> {
  // Its djdeploy.yml may name any host, and here the key that deploys is in the step.
  if (task.github.eventName.startsWith("pull_request"))
    throw new DeployError(
      "guard.pull-request",
      ExitCode.refused,
      "the doctor looks at no host for a pull request",
      {
        expected: "a schedule, a push or workflow_dispatch",
        seen: task.github.eventName,
        hint: "run command: doctor in a workflow of its own, on a schedule",
      },
    );
  const view = await doctor(await createContext(task));
  const bad = view.hosts.flatMap(({ host, findings }) =>
    findings
      .filter(({ level }) => level === "error" || level === "warning")
      .map((finding) => ({ host, finding })),
  );
  for (const { host, finding } of bad) {
    const { id, level, message, fix } = finding;
    const text = `${host}: ${message}${fix === null ? "" : `; ${fix}`}`;
    const event = { level: level as "error" | "warning", message: text, host, data: { finding: id } };
    task.reporter.event({ time: new Date().toISOString(), code: "doctor.finding", ...event });
  }
  const errors = bad.filter(({ finding }) => finding.level === "error");
  const error =
    errors.length === 0
      ? null
      : new DeployError(
          "doctor.findings",
          ExitCode.failed,
          `the doctor found ${count(errors.length, "error")}`,
          {
            host: errors[0]!.host,
            seen: errors[0]!.finding.message,
            hint: errors[0]!.finding.fix ?? "see above",
          },
        );
  return { ...nothingDone, ending: { line: view, text: () => renderDoctor(view), error } };
}
