import { testProject } from "../../release/test.ts";
import { defineCommand } from "../command.ts";
import { actHere } from "../modes.ts";

export const testCommand = defineCommand({
  name: "test",
  summary: "run the project's tests in an environment of their own",
  usage: "[ENV] [options]",
  example: "djdeploy test --verbose",
  about:
    "Runs the tests of the commit, with the development requirements, in a virtual environment of their own. They\n" +
    "see no key, no token and no secret.",
  options: { revision: { value: "REF", help: "a commit, branch or tag (default: HEAD)" } },
  run: (invocation) =>
    actHere(invocation, invocation.options.revision, (config, project, emit) =>
      testProject(config, project, emit, invocation.io.signal),
    ),
});
