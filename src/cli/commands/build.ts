import { ExitCode } from "../../errors.ts";
import { readProject } from "../../project/index.ts";
import { buildProject } from "../../release/build.ts";
import type { Emit } from "../../report/event.ts";
import { growingRedactor } from "../../report/redact.ts";
import { defineCommand } from "../command.ts";
import { shown } from "../failure.ts";
import { localConfig } from "../local.ts";
import { createReporter } from "../reporter/index.ts";
import { givenValues } from "../values.ts";

export const buildCommand = defineCommand({
  name: "build",
  summary: "run the build and pack what it made, for a deploy elsewhere",
  usage: "[ENV] [options]",
  example: "djdeploy build production",
  about:
    "Runs build.command of the commit that is checked out, packs what build.include names into build.artifact, and prints\n" +
    "its SHA-256. djdeploy deploy --artifact-sha256 HASH takes it, runs no build, and refuses any other file.",
  options: {},
  async run(invocation) {
    const { io, common } = invocation;
    // These see none of them; what they print of their own may still be one.
    const hidden = io.hidden ?? growingRedactor();
    hidden.add(Object.values(await givenValues(io, common)));
    const reporter = createReporter(io, common, hidden.redact);
    const emit: Emit = (event) => reporter.event({ time: new Date().toISOString(), ...event });
    try {
      const config = await localConfig(invocation);
      const project = await readProject(config, null);
      const { ending } = await buildProject(config, project, emit, io.signal);
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
