import { posix } from "node:path";
import { scalar } from "./scalar.ts";

/** What the written workflows depend on. */
export interface WorkflowInput {
  /** `OWNER/NAME@SHA # v1.2.3`, as it stands after `uses:`. */
  action: string;
  environment: string;
  /** Shown by GitHub beside the environment; null = none. */
  url: string | null;
  /** The branch whose pushes deploy. */
  branch: string;
  /** Path of djdeploy.yml from the repository's top, null when it is there under its own name. */
  config: string | null;
  /** Names under env.secrets. */
  secrets: readonly string[];
  /** Path of build.artifact from the repository's top: the job that tests builds it, the one that deploys takes it. */
  artifact?: string | null;
}

/** Actions of others, by commit; the comment is what dependabot reads and moves. */
const checkoutAction = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2";

/** The checkout step. Nothing later needs the token that git would keep. */
export function checkout(depth: "all" | "one" = "one"): string {
  return lines(
    `- uses: ${checkoutAction}`,
    "  with:",
    ...(depth === "all"
      ? ["    fetch-depth: 0 # what is live is compared with, and the branch it goes to"]
      : []),
    "    persist-credentials: false",
  );
}

const uploadAction = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0";
const downloadAction = "actions/download-artifact@70fc10c6e5e1ce46ad2ea6f2b72d43f7d47b13c3 # v8.0.0";

/** Keeps what was built for a job behind; a run may be tried again for a week. */
export function uploadArtifact(path: string): string {
  return lines(
    "- name: Keep what was built",
    `  uses: ${uploadAction}`,
    "  with:",
    "    name: build",
    `    path: ${scalar(path)}`,
    "    if-no-files-found: error",
    "    retention-days: 7",
  );
}

/** Puts it where it lay. */
export function downloadArtifact(path: string): string {
  return lines(
    "- name: Take what was built",
    `  uses: ${downloadAction}`,
    "  with:",
    "    name: build",
    `    path: ${scalar(posix.dirname(path))}`,
  );
}

/** One step with our action; inputs and environment in the order given, empty ones left out. */
export function ourStep(
  input: WorkflowInput,
  name: string,
  inputs: Record<string, string | null>,
  env: Record<string, string> = {},
  id: string | null = null,
): string {
  const given = Object.entries({ ...inputs, config: input.config }).filter(([, value]) => value !== null);
  const values = Object.entries(env);
  return lines(
    `- name: ${name}`,
    ...(id === null ? [] : [`  id: ${id}`]),
    `  uses: ${input.action}`,
    "  with:",
    ...given.map(
      ([key, value]) => `    ${key}: ${scalar(value ?? "")}${key === "tests" ? " # by the job before" : ""}`,
    ),
    ...(values.length > 0
      ? ["  env:", ...values.map(([key, value]) => `    ${scalar(key)}: ${scalar(value)}`)]
      : []),
  );
}

/** `{ SECRET_KEY: "${{ secrets.SECRET_KEY }}" }`: each secret by its name, nothing else. */
export function secretsByName(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, expression(`secrets.${name}`)]));
}

/** What the runner fills in, as a value of with: or env:, never within a script. */
export function expression(text: string): string {
  return `\${{ ${text} }}`;
}

/** Runs of one group wait for each other in their order; none is cancelled half way. */
export function oneAtATime(group: string): string {
  return lines("concurrency:", `  group: ${scalar(group)}`, "  cancel-in-progress: false", "  queue: max");
}

/** Joins lines, and indents blocks that are put into others. */
export function lines(...all: string[]): string {
  return all.join("\n");
}

export function indent(spaces: number, block: string): string {
  return block.replace(/^(?=.)/gm, " ".repeat(spaces));
}
