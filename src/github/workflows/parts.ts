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

/** One step with our action; inputs and environment in the order given, empty ones left out. */
export function ourStep(
  input: WorkflowInput,
  name: string,
  inputs: Record<string, string | null>,
  env: Record<string, string> = {},
): string {
  const given = Object.entries({ ...inputs, config: input.config }).filter(([, value]) => value !== null);
  const values = Object.entries(env);
  return lines(
    `- name: ${name}`,
    `  uses: ${input.action}`,
    "  with:",
    ...given.map(([key, value]) => `    ${key}: ${value}`),
    ...(values.length > 0 ? ["  env:", ...values.map(([key, value]) => `    ${key}: ${value}`)] : []),
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
  return lines("concurrency:", `  group: ${group}`, "  cancel-in-progress: false", "  queue: max");
}

/** Joins lines, and indents blocks that are put into others. */
export function lines(...all: string[]): string {
  return all.join("\n");
}

export function indent(spaces: number, block: string): string {
  return block.replace(/^(?=.)/gm, " ".repeat(spaces));
}
