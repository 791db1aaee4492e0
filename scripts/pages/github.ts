import { guardCases } from "../../__tests__/unit/github/guard-cases.ts";
import { calledSection } from "./github-called.ts";

const outcomes: Record<string, string> = {
  "guard.event": "refused, whatever is said",
  "guard.branch": "refused",
  "guard.protected": "refused",
  "guard.hold": "refused",
  "guard.rerun": "refused, with the link to the rollback",
};

/** docs/github.md; its table is the cases that the tests run. */
export function githubPage(): string {
  const rows = guardCases.map(({ event, guard, outcome }) => {
    const code = outcomes[outcome] ? ` (\`${outcome}\`)` : "";
    return `| ${event} | ${guard} | ${outcomes[outcome] ?? outcome}${code} |`;
  });
  const table = ["| event | guard | a deploy |", "|---|---|---|", ...rows].join("\n");
  return `${text.replace("@TABLE@", table).replace("@CALLED@", calledSection)}\n`;
}

const text = `# On GitHub

\`djdeploy init --host HOST\` writes \`djdeploy.yml\` and three workflows, and says what is left to do by hand.
To a project fresh from \`startproject\` it offers, as a diff, \`settings_production.py\` beside its settings and the
requirements that it lacks; \`--yes\` or a yes writes them, never into a file with changes of yours.

| workflow | runs on | does |
|---|---|---|
| \`deploy.yml\` | push to the branch, by hand | settings and tests in one job, then the release in another |
| \`plan.yml\` | pull request | what merging would change; without a key what can be said without the hosts |
| \`rollback.yml\` | by hand | goes back: \`release\` empty is the last good one |

Each begins with \`permissions: {}\` and widens it per job, pins actions by their commit, expands nothing in scripts,
and hands over secrets by their name. Deploys wait for each other in their order, and so do rollbacks (\`queue: max\`). A
rollback does not wait for deploys: while one holds the lock of a host it ends with exit code 6 and says who; run it again.

## Environments, and who gets a key

| environment of GitHub | its key | may be named by a workflow of |
|---|---|---|
| \`production\` | deploys | the branch alone |
| \`production-rollback\` | deploys: the same key | the branch alone; it is apart so that a rollback waits for no reviewer |
| \`production-plan\` | reads, nothing else (\`setup --plan-key\`) | any branch, because pull requests come from any |

An environment without a rule gives its secrets to every workflow that names it, and whoever may push a branch may push
a workflow. So the first two need a deployment branch policy; \`init\`'s last words have these commands with your names:

\`\`\`sh
for name in production production-rollback; do
  gh api -X PUT repos/OWNER/REPOSITORY/environments/$name \\
    -F 'deployment_branch_policy[protected_branches]=false' \\
    -F 'deployment_branch_policy[custom_branch_policies]=true'
  gh api -X POST repos/OWNER/REPOSITORY/environments/$name/deployment-branch-policies -f name=main
done
\`\`\`

By hand: Settings, Environments, the environment, Deployment branches and tags, Selected branches and tags, Add deployment
branch or tag rule. A PUT sets reviewers and wait timer anew, too: give them in the same call, or add them after it. The
rule is worth what the branch is: protect it, so that its workflows change by review alone. \`branches\` in djdeploy.yml
is no substitute, because a workflow of somebody's own need not use this action.

A private repository on a free plan has no environments: keep the secrets in the repository instead, and remove the
\`environment:\` blocks if GitHub complains about them. Whoever may push a branch can take the keys there.

## A build

\`djdeploy init --build 'npm ci && npm run build' --include frontend/dist\` writes workflows that build in the job that
tests. What it made goes to the job that deploys as an artefact, whose hash is checked there: no code of the repository
runs beside the key ([Build and tests](build-and-tests.md#in-a-job-of-their-own)).

## Who may deploy

A refused run ends with exit code 7, says which rule and how to satisfy it, and has changed no host.

@TABLE@

- \`branches\` names branches by name or pattern (\`*\` is one level, \`**\` all), tags as \`tags/v*\`. With the input
  \`revision\` the commit has to be on one of them too. On a command line it is the commit's branches that count.
- \`require-protected\` takes GitHub's word (\`GITHUB_REF_PROTECTED\`: branch protection or a ruleset). The default warns,
  because a private repository on a free plan cannot protect a branch.
- \`require-checks: {names: [test], wait: 15m}\` waits until the named checks of the commit are green: a push starts CI
  and deploy together. It needs \`checks: read\` and \`statuses: read\` in the job's permissions. Where GitHub cannot be
  asked the deploy is refused; a command line does not ask and says so.
- \`ancestry: not-older\` refuses a strict ancestor of what is live. A clone of depth 1 cannot tell, which is said;
  the written workflow fetches all.
- After a rollback the host holds: runs of a push are refused, until a person deploys (\`workflow_dispatch\`, or the
  command line) or \`djdeploy hold ENV --off\`. \`djdeploy hold ENV --on "REASON"\` begins one.
- A reason in \`force\` (\`--force\`) turns each of these into a warning; it is recorded. Forks never deploy.

@CALLED@
## The plan on a pull request

\`command: plan\` with \`comment-on-pr: true\` keeps one comment up to date: what the hosts serve and the commits since,
files, packages from version to version, pending migrations with their SQL, findings of the lint that the live settings
do not have, whether setup would write other units or another site, downtime, risks. Long lists are cut in the comment
and in the summary; the output \`plan\` names the file with the whole as JSON.

Which migrations are applied is asked of the live release's database, on the host, by the code that is live. What the
change itself brings never runs there: its migrations are read by its own Django on the runner, in the environment of
its tests, without a database. Where that does not load, migrations are listed by name.

Without a key (a fork, Dependabot) it compares with the branch the change goes to, is green, and says that no host was
asked. Hosts, users and pins are taken from that branch, so that a change cannot lead the key elsewhere; all of it needs
the history (\`fetch-depth: 0\`). The key is the environment's \`production-plan\`, and who may push a branch may use it: give
it the one that \`djdeploy setup production --user root --plan-key new\` makes. The host lets that key read what a plan
needs (releases, names of stored secrets, applied migrations) and refuses everything else, whatever is sent.

## The list of deployments

A run that comes to change hosts files one deployment: \`in_progress\`, then \`success\` or \`failure\` in the words of
the result, with the run's page, the site's address, and the release and hosts as payload. After a success the one
before is \`inactive\`; after a failure it stays what it was, because it serves. A run that was refused, or found
nothing to do, files none. A cancelled run's is closed by the step after the job.

It needs \`deployments: write\` in the job's permissions and \`deployment: false\` under \`environment:\`, or GitHub files
one of its own beside it. When GitHub limits the rate, is slow or is down, the release is not harmed: the run says what
could not be recorded.`;
