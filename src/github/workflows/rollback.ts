import { environmentBlock } from "./deploy.ts";
import {
  checkout,
  expression,
  indent,
  oneAtATime,
  ourStep,
  secretsByName,
  type WorkflowInput,
} from "./parts.ts";
import { scalar } from "./scalar.ts";

/** rollback.yml: a button. Its environment and group are its own: no reviewer has to be awake, no deploy is waited for. */
export function rollbackWorkflow(input: WorkflowInput): string {
  const { environment, url } = input;
  return `# Takes ${environment} back to a release that is still on the hosts: Actions, Rollback, Run workflow.
# Written by djdeploy init; it is yours to change.
name: Rollback

on:
  workflow_dispatch:
    inputs:
      release:
        description: A release, a commit or previous; empty for the last good one before the live one
        default: ""
        type: string
      migrations:
        description: What happens to migrations that the older release does not know
        default: auto
        type: choice
        options: [auto, keep, refuse]

permissions: {}

jobs:
  rollback:
    name: ${scalar(`Roll back ${environment}`)}
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      deployments: write # the entry in the list of deployments
    # Of its own: that of deploys may ask for a reviewer, and a rollback must not wait for one.
${indent(4, environmentBlock(`${environment}-rollback`, url))}
${indent(4, oneAtATime(`rollback-${environment}`))}
    steps:
${indent(6, checkout())}
${indent(
  6,
  ourStep(
    input,
    "Rollback",
    {
      command: "rollback",
      environment,
      release: expression("inputs.release"),
      migrations: expression("inputs.migrations"),
      "ssh-private-key": expression("secrets.SSH_PRIVATE_KEY"),
    },
    secretsByName(input.secrets),
  ),
)}
`;
}
