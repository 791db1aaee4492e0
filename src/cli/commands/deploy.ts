import type { LintResult } from "../../lint/types.ts";
import { deploy } from "../../release/deploy.ts";
import { writeSarif } from "../../release/sarif-file.ts";
import { reportEnding } from "../../report/reporter.ts";
import { artifactOption } from "../artifact.ts";
import { defineCommand } from "../command.ts";
import { act } from "../modes.ts";
import { sarifOption } from "../sarif.ts";
import { planCommand } from "./plan.ts";

export const deployCommand = defineCommand({
  name: "deploy",
  summary: "take a revision to the servers and prove that it serves",
  usage: "[ENV] [options]",
  example: "djdeploy deploy production --env-file production.env",
  about:
    "Lint and tests come first. Everything is prepared while the old release serves; the switch is one rename.\n" +
    "Ends with 0 only when every host was seen serving the new release.",
  options: {
    revision: { value: "REF", help: "a commit, branch or tag (default: HEAD)" },
    "dry-run": { help: "the same as plan: read the hosts, change nothing" },
    "skip-tests": { help: "do not run the project's tests; recorded in the release" },
    "skip-lint": { help: "do not judge the settings; recorded in the release" },
    wait: { help: "wait for the lock instead of ending with exit code 6" },
    "sarif-file": sarifOption,
    "artifact-sha256": artifactOption,
    force: { value: "REASON", help: "override a guard (ancestry, unchanged, changed database); recorded" },
  },
  async run(invocation) {
    const { io, options } = invocation;
    if (options["dry-run"]) return planCommand.run(invocation);
    return act(invocation, {}, async ({ context }) => {
      const file = options["sarif-file"];
      const judged = (result: LintResult) =>
        writeSarif({ folder: io.cwd, file: file ?? "" }, result, context.redact);
      const { report, error } = await deploy(file === null ? context : { ...context, judged }, {
        revision: options.revision,
        tests: options["skip-tests"] ? "skip" : "run",
        skipLint: options["skip-lint"],
        wait: options.wait,
        force: options.force,
        artifactSha256: options["artifact-sha256"],
      });
      return reportEnding(report, error);
    });
  },
});
