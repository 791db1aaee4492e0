import { buildProject } from "../../release/build.ts";
import { defineCommand } from "../command.ts";
import { actHere } from "../modes.ts";

export const buildCommand = defineCommand({
  name: "build",
  summary: "run the build and pack what it made, for a deploy elsewhere",
  usage: "[ENV] [options]",
  example: "djdeploy build production",
  about:
    "Runs build.command of the commit that is checked out, packs what build.include names into build.artifact, and prints\n" +
    "its SHA-256. djdeploy deploy --artifact-sha256 HASH takes it, runs no build, and refuses any other file.",
  options: {},
  run: (invocation) =>
    actHere(invocation, null, async (config, project, emit) => {
      const { ending } = await buildProject(config, project, emit, invocation.io.signal);
      return ending;
    }),
});
