import { usageError } from "../../errors.ts";
import { run } from "../../release/run.ts";
import { defineCommand } from "../command.ts";
import { noMore } from "../environment.ts";
import { stream } from "../modes.ts";

export const runCommand = defineCommand({
  name: "run",
  summary: "run a command in the live release with its environment",
  usage: "[ENV] [options] -- COMMAND…",
  example:
    "djdeploy run production -- manage.py shell\ndjdeploy run production -- manage.py dumpdata > data.json",
  about:
    "Standard input and output belong to the command, and its exit code is ours. It runs on the first\n" +
    "host that serves the web.\n" +
    "Options of djdeploy come before the --.",
  options: {},
  run: (invocation) => {
    const { io, rest: argv } = invocation;
    if (!argv?.length) {
      throw usageError("usage.command", "djdeploy run: what is to be run? It comes after --", {
        hint: "djdeploy run production -- manage.py shell",
      });
    }
    return stream(invocation, ({ context, rest }) => {
      noMore(rest, "the command comes after --");
      return run(context, argv, io);
    });
  },
});
