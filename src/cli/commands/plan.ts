import { plan } from "../../release/plan.ts";
import { renderPlan } from "../../release/views/plan.ts";
import { defineCommand } from "../command.ts";
import { view } from "../modes.ts";

export const planCommand = defineCommand({
  name: "plan",
  summary: "show what deploy would do; reads the hosts, changes nothing",
  usage: "[ENV] [options]",
  example: "djdeploy plan production --revision v1.4.0",
  options: { revision: { value: "REF", help: "a commit, branch or tag (default: HEAD)" } },
  run: (invocation) =>
    view(
      invocation,
      {},
      ({ context }) => plan(context, { revision: invocation.options.revision }),
      renderPlan,
    ),
});
