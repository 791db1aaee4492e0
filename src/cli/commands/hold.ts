import { usageError } from "../../errors.ts";
import { hold } from "../../release/hold.ts";
import { renderHold } from "../../release/views/hold.ts";
import { defineCommand } from "../command.ts";
import { view } from "../modes.ts";

export const holdCommand = defineCommand({
  name: "hold",
  summary: "show whether pushes may deploy, refuse them or let them again",
  usage: "[ENV] [options]",
  example:
    'djdeploy hold production\ndjdeploy hold production --off\ndjdeploy hold production --on "sale until Monday"',
  about:
    "After a rollback a host holds: a run that a push started is refused (exit code 7), so that the next merge does not\n" +
    "bring the bug back. A deploy that a person starts ends the hold.",
  options: {
    on: { value: "REASON", help: "refuse pushes from now on" },
    off: { help: "let pushes deploy again" },
  },
  run(invocation) {
    const { on, off } = invocation.options;
    if (on !== null && off) throw usageError("usage.option", "--on and --off exclude each other");
    return view(invocation, {}, ({ context }) => hold(context, { on, off }), renderHold);
  },
});
