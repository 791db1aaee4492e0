import { home, version } from "../../src/version.ts";
import { actionFolder } from "../github/action-folder.ts";
import { calledPath, everyKind, ours } from "../github/called.ts";
import { callerExample } from "../github/examples.ts";

/** docs/github.md: the reusable workflows, and what GitHub has to be for them. */
export function calledSection(): string {
  const rows = everyKind.map(
    (kind) => `| \`${calledPath(kind, "github")}\` | \`${calledPath(kind, "server")}\` |`,
  );
  return `## One workflow for many repositories

| github.com | Enterprise Server |
|---|---|
${rows.join("\n")}

These are the workflows of \`init\`, with inputs instead of names: same jobs, environments, permissions and guards. A
repository calls one with a job such as

\`\`\`yaml
${callerExample("deploy")}
\`\`\`

and the other two with these. Tests that need \`services:\`, and a front end that is built in a job of its own, want the
written workflow.

\`\`\`yaml
${callerExample("plan")}
\`\`\`

\`\`\`yaml
${callerExample("rollback")}
\`\`\`

- Keep the key in the environment (\`production\`, \`production-plan\`, \`production-rollback\`). A called job sees a secret
  of its environment only where the caller passes one of the same name, even an empty one; so pass it as shown. Its value
  is the environment's. That is why these two have names that an environment can hold.
- \`DJDEPLOY_SECRETS\` has one \`NAME=VALUE\` a line. Without it the values that the hosts store are used.
- Write the commit of a release instead of \`v1\`, with \`# v${version}\` behind it: a tag can be moved.
- Give the caller no \`concurrency:\` of its own with the same group (\`deploy-production\`): the two would wait for each
  other. \`queue: max\` keeps every waiting deploy in its order.
- On github.com the workflow names its action \`$/${actionFolder}\`, the folder of the same commit. That needs a runner of version
  2.336.0 or newer; GitHub's own are, one of yours updates itself unless that was switched off. An older one says
  \`Unable to resolve self-reference\`.
- Enterprise Server knows neither \`$/\` nor \`queue:\` nor \`deployment: false\`. Its files name the action by its release
  (\`${ours.server}\`), a waiting run gives its place to a newer one, and GitHub files a deployment of its own
  beside ours. The server has to reach \`${home}\`: through GitHub Connect, or as a copy under the same name. Under
  another name, or where actions have to be pinned by commit, use \`djdeploy init --action OWNER/NAME@SHA\` in each
  repository, and take \`queue: max\` and \`deployment: false\` out of what it writes.

actionlint up to 1.7.12 does not know \`queue:\`, \`deployment:\` and \`$/\` yet, and says so of these files and of what \`init\`
writes: ignore \`unexpected key "queue" for "concurrency"\`, \`unexpected key "deployment" for "environment"\` and what it
says of \`$/${actionFolder}\`. Everything else that it or zizmor finds there is a fault of ours.
`;
}
