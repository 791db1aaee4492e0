import { releases } from "../../release/releases.ts";
import { renderReleases } from "../../release/views/releases.ts";
import { defineCommand } from "../command.ts";
import { view } from "../modes.ts";

export const releasesCommand = defineCommand({
  name: "releases",
  summary: "list the releases on the hosts",
  usage: "[ENV] [options]",
  example: "djdeploy releases production --all",
  options: { all: { help: "every attempt, also those that failed, with who and why" } },
  run: (invocation) =>
    view(
      invocation,
      {},
      ({ context }) => releases(context, { all: invocation.options.all }),
      (shown, paint) => renderReleases(shown, new Date(), paint),
    ),
});
