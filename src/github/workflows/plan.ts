import { environmentBlock } from "./deploy.ts";
import { checkout, expression, indent, ourStep, type WorkflowInput } from "./parts.ts";
import { scalar } from "./scalar.ts";

/** plan.yml: on each pull request, what merging it would change; reads the hosts, changes nothing. */
export function planWorkflow(input: WorkflowInput): string {
  const { environment } = input;
  return `# Shows on each pull request what merging it would change on ${environment}. Reads the hosts, changes nothing.
# Without a key (a fork, Dependabot) what can be said without the hosts is shown.
# Written by djdeploy init; it is yours to change.
name: Plan

on:
  pull_request:

permissions: {}

jobs:
  plan:
    name: ${scalar(`Plan for ${environment}`)}
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      pull-requests: write # the comment with the plan
    # Of its own, so that no reviewer is asked.
${indent(4, environmentBlock(`${environment}-plan`, null, "a plan deploys nothing"))}
    concurrency:
      group: ${scalar(`plan-${environment}-${expression("github.event.pull_request.number")}`)}
      cancel-in-progress: true
    steps:
${indent(6, checkout("all"))}
${indent(6, ourStep(input, "Plan", { command: "plan", environment, "comment-on-pr": "true", "ssh-private-key": expression("secrets.SSH_PRIVATE_KEY") }))}
`;
}
