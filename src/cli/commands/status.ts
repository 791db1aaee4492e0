import { status } from "../../release/status.ts";
import { renderStatus } from "../../release/views/status.ts";
import { defineCommand } from "../command.ts";
import { view } from "../modes.ts";

export const statusCommand = defineCommand({
  name: "status",
  summary: "show what every host serves now, and prove it",
  usage: "[ENV] [options]",
  example: "djdeploy status production --format json",
  options: {},
  run: (invocation) =>
    view(
      invocation,
      {},
      ({ context }) => status(context),
      (shown, paint) => renderStatus(shown, new Date(), paint),
    ),
});
