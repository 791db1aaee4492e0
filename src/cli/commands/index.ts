import type { Command } from "../command.ts";
import { buildCommand } from "./build.ts";
import { deployCommand } from "./deploy.ts";
import { doctorCommand } from "./doctor.ts";
import { envCommand } from "./env.ts";
import { explainCommand } from "./explain.ts";
import { holdCommand } from "./hold.ts";
import { hostKeyCommand } from "./host-key.ts";
import { initCommand } from "./init.ts";
import { lintCommand } from "./lint.ts";
import { logsCommand } from "./logs.ts";
import { planCommand } from "./plan.ts";
import { releasesCommand } from "./releases.ts";
import { rollbackCommand } from "./rollback.ts";
import { runCommand } from "./run.ts";
import { setupCommand } from "./setup.ts";
import { statusCommand } from "./status.ts";
import { testCommand } from "./test.ts";
import { unlockCommand } from "./unlock.ts";
import { unsupportedCommands } from "./unsupported.ts";

/** Every verb, in the order of the reference page. */
export const commands: readonly Command[] = [
  initCommand,
  lintCommand,
  testCommand,
  buildCommand,
  setupCommand,
  planCommand,
  deployCommand,
  rollbackCommand,
  releasesCommand,
  statusCommand,
  logsCommand,
  runCommand,
  envCommand,
  unlockCommand,
  holdCommand,
  hostKeyCommand,
  explainCommand,
  doctorCommand,
  ...unsupportedCommands,
];
