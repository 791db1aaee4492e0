import { plan } from "../../release/plan.ts";
import { writeRevisionSarif } from "../../release/sarif-file.ts";
import { renderPlan } from "../../release/views/plan.ts";
import { artifactOption } from "../artifact.ts";
import { defineCommand } from "../command.ts";
import { view } from "../modes.ts";
import { sarifOption } from "../sarif.ts";

export const planCommand = defineCommand({
  name: "plan",
  summary: "show what deploy would do; reads the hosts, changes nothing",
  usage: "[ENV] [options]",
  example: "djdeploy plan production --revision v1.4.0",
  options: {
    revision: { value: "REF", help: "a commit, branch or tag (default: HEAD)" },
    "sarif-file": sarifOption,
    "artifact-sha256": artifactOption,
  },
  run: (invocation) =>
    view(
      invocation,
      {},
      async ({ context }) => {
        const { revision, "sarif-file": file, "artifact-sha256": artifactSha256 } = invocation.options;
        const made = await plan(context, { revision, artifactSha256 });
        if (file !== null)
          await writeRevisionSarif(
            { folder: invocation.io.cwd, file },
            context.config,
            revision,
            context.values,
            context.redact,
          );
        return made;
      },
      renderPlan,
    ),
});
