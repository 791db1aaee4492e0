import library from "./index.js";

export const { DeployError, ExitCode, RunError, deploy, lint, plan, rollback, status, version } = library;
