import {
  checkout,
  downloadArtifact,
  expression,
  indent,
  lines,
  oneAtATime,
  ourStep,
  secretsByName,
  uploadArtifact,
  type WorkflowInput,
} from "./parts.ts";
import { branchPattern, scalar } from "./scalar.ts";

/** deploy.yml: on a push to the branch and by hand; first lint and tests, then the release. */
export function deployWorkflow(input: WorkflowInput): string {
  const { environment, branch, url, artifact = null } = input;
  const only = (...blocks: string[]) => (artifact === null ? "" : `${blocks.join("\n")}\n`);
  return `# Takes each push to ${branch} to ${environment}: settings and tests first, then the release.
# Written by djdeploy init; it is yours to change.
name: Deploy

on:
  push:
    branches: [${branchPattern(branch)}]
  workflow_dispatch:

permissions: {}

jobs:
  check:
    name: Settings and tests
    runs-on: ubuntu-latest
    timeout-minutes: 20
    permissions:
      contents: read
${only("    outputs:", `      artifact-sha256: ${expression("steps.build.outputs.artifact-sha256")}`)}    # What the tests need beside Python, for example:
    # services:
    #   postgres:
    #     image: postgres:17
    #     env: {POSTGRES_PASSWORD: postgres}
    #     ports: ["5432:5432"]
    #     options: --health-cmd pg_isready --health-interval 2s --health-retries 15
    steps:
${indent(6, checkout())}
${indent(6, ourStep(input, "Settings", { command: "lint", environment }))}
${only(indent(6, ourStep(input, "Build", { command: "build", environment }, {}, "build")))}${indent(6, ourStep(input, "Tests", { command: "test", environment }))}
${only(indent(6, uploadArtifact(artifact ?? "")))}
  deploy:
    name: ${scalar(`Deploy to ${environment}`)}
    needs: check
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: read
      deployments: write # the entry in the list of deployments
      checks: read # for require-checks
      statuses: read # for require-checks
${indent(4, environmentBlock(environment, url))}
${indent(4, oneAtATime(`deploy-${environment}`))}
    steps:
${indent(6, checkout("all"))}
${only(indent(6, downloadArtifact(artifact ?? "")))}${indent(
  6,
  ourStep(
    input,
    "Deploy",
    {
      environment,
      tests: "checked",
      "artifact-sha256": artifact && expression("needs.check.outputs.artifact-sha256"),
      "ssh-private-key": expression("secrets.SSH_PRIVATE_KEY"),
    },
    secretsByName(input.secrets),
  ),
)}
`;
}

/** Secrets, reviewers and branch rules come from GitHub's environment; it files no deployment of its own. */
export function environmentBlock(
  name: string,
  url: string | null,
  why = "the action files it, with what serves",
): string {
  return lines(
    "environment:",
    `  name: ${scalar(name)}`,
    ...(url ? [`  url: ${scalar(url)}`] : []),
    `  deployment: false # ${why}`,
  );
}
