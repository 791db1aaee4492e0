import { ExitCode } from "../../errors.ts";
import { status } from "../../release/status.ts";
import { renderStatus } from "../../release/views/status.ts";
import { defineCommand } from "../command.ts";
import { view } from "../modes.ts";

export const statusCommand = defineCommand({
  name: "status",
  summary: "show what every host serves now, and prove it; exit code 1 where that fails",
  usage: "[ENV] [options]",
  example: "djdeploy status production --format json",
  options: {},
  run: (invocation) =>
    view(
      invocation,
      {},
      ({ context }) => status(context),
      (shown, paint) => renderStatus(shown, new Date(), paint),
      // A script asks with `djdeploy status && …`: what is not proven is no yes.
      ({ hosts }) => (hosts.every((host) => host.proven) ? ExitCode.done : ExitCode.failed),
    ),
});
