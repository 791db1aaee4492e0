import { DeployError } from "../errors.ts";
import type { Report } from "../report/event.ts";

/** A deploy or a rollback that did not end well; `report` says what each host serves. */
export class RunError extends DeployError {
  readonly report: Report;

  constructor({ code, exitCode, message, details }: DeployError, report: Report) {
    super(code, exitCode, message, details);
    this.name = "RunError";
    this.report = report;
  }
}
