import { ExitCode } from "../../errors.ts";
import { readProject } from "../../project/index.ts";
import { testProject } from "../../release/test.ts";
import type { Emit } from "../../report/event.ts";
import { growingRedactor } from "../../report/redact.ts";
import { defineCommand } from "../command.ts";
import { shown } from "../failure.ts";
import { localConfig } from "../local.ts";
import { createReporter } from "../reporter/index.ts";
import { givenValues } from "../values.ts";

export const testCommand = defineCommand({
  name: "test",
  summary: "run the project's tests in an environment of their own",
  usage: "[ENV] [options]",
  example: "djdeploy test --verbose",
  about:
    "Runs the tests of the commit, with the development requirements, in a virtual environment of their own. They\n" +
    "see no key, no token and no secret.",
  options: { revision: { value: "REF", help: "a commit, branch or tag (default: HEAD)" } },
  async run(invocation) {
    const { io, common, options } = invocation;
    // These see none of them; what they print of their own may still be one.
    const hidden = io.hidden ?? growingRedactor();
    hidden.add(Object.values(await givenValues(io, common)));
    const reporter = createReporter(io, common, hidden.redact);
    const emit: Emit = (event) => reporter.event({ time: new Date().toISOString(), ...event });
    try {
      const config = await localConfig(invocation);
      const project = await readProject(config, options.revision);
      const ending = await testProject(config, project, emit, io.signal);
      reporter.end(ending);
      return ending.error?.exitCode ?? ExitCode.done;
    } catch (thrown) {
      const error = shown(thrown, common.verbose);
      reporter.error(error);
      return error.exitCode;
    } finally {
      reporter.close();
    }
  },
});
