import { rollback } from "../../release/rollback.ts";
import { reportEnding } from "../../report/reporter.ts";
import { defineCommand } from "../command.ts";
import { act } from "../modes.ts";

export const rollbackCommand = defineCommand({
  name: "rollback",
  summary: "go back to a release that is still on the hosts",
  usage: "[ENV] [options]",
  example: "djdeploy rollback production\ndjdeploy rollback production --to 20261120T110455Z-1a2b3c4",
  about:
    "The same boot, probe, switch and proof as a deploy, under the same lock. Needs neither git nor a package index.",
  options: {
    to: {
      value: "RELEASE|SHA|previous",
      help: "where to (default: the last good release before the live one)",
    },
    migrations: {
      value: "POLICY",
      choices: ["auto", "keep", "reverse", "refuse"],
      help: "what happens to migrations the older release does not know (default: auto)",
    },
    env: {
      value: "WHICH",
      choices: ["current", "release"],
      help: "secrets of now, or those the release was deployed with (default: current)",
    },
  },
  run: (invocation) =>
    act(invocation, {}, async ({ context }) => {
      const { report, error } = await rollback(context, {
        to: invocation.options.to,
        migrations: invocation.options.migrations ?? "auto",
        env: invocation.options.env ?? "current",
      });
      return reportEnding(report, error);
    }),
});
