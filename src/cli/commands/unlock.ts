import { unlock } from "../../release/unlock.ts";
import { renderUnlock } from "../../release/views/unlock.ts";
import { defineCommand } from "../command.ts";
import { view } from "../modes.ts";

export const unlockCommand = defineCommand({
  name: "unlock",
  summary: "show who holds the lock, and end a holder that hangs",
  usage: "[ENV] [options]",
  example:
    'djdeploy unlock production\ndjdeploy unlock production --force "runner is gone, connection hangs"',
  about: "A lock frees itself when its run is gone; this is for a holder that lives and hangs.",
  options: { force: { value: "REASON", help: "end the holder; the reason is recorded" } },
  run: (invocation) =>
    view(
      invocation,
      {},
      ({ context }) => unlock(context, { force: invocation.options.force }),
      (shown, paint) => renderUnlock(shown, new Date(), paint),
    ),
});
