import type { LintResult } from "../lint/types.ts";

/** A check on which the lint and the release's own Django give different answers. */
export interface Difference {
  id: string;
  lint: "raised" | "passed";
  live: "raised" | "passed";
  message: string;
}

/**
 * Ids that the lint decides for good: whoever gets no finding of these has passed. Of the other ids of Django it
 * only says what is certain.
 */
const PROMISED = /^(security\.(W0(0[1-689]|1[0-689]|2[0-25])|E02[34])|4_0\.E001|urls\.E006|caches\.E001)$/;

/** Ids of Django that the lint asks in another way: of the files of the repository, of what is configured. */
const ASKED_OTHERWISE = /^(models\.W042|mysql\.W002|staticfiles\.(W004|E002)|caches\.W002|async\.E001)$/;

/**
 * Where what the lint said for certain and what the release's own Django says differ: then its environment is
 * another than djdeploy.yml tells, or the lint is wrong. What depends on a variable, is not known, or is silenced
 * cannot differ.
 */
export function differences(result: LintResult, live: string[]): Difference[] {
  const raised = new Set(live);
  const open = new Set(result.suppressed.map((one) => one.id));
  const certain = new Set<string>();
  for (const { id, also, certainty } of result.findings)
    for (const one of [id, ...also]) (certainty === "certain" ? certain : open).add(one);
  const missed = [...raised].filter((id) => PROMISED.test(id) && !certain.has(id) && !open.has(id));
  const invented = [...certain].filter(
    (id) => !id.startsWith("djdeploy.") && !ASKED_OTHERWISE.test(id) && !open.has(id) && !raised.has(id),
  );
  return [
    ...missed.map((id): Difference => told(id, "passed", "raised")),
    ...invented.map((id): Difference => told(id, "raised", "passed")),
  ];
}

function told(id: string, lint: Difference["lint"], live: Difference["live"]): Difference {
  const message = `${id}: the lint ${lint === "passed" ? "passed it" : "raised it"}, and the release's own Django ${live === "passed" ? "does not" : "raises it"}; the environment on the host is another than djdeploy.yml tells, or the lint is wrong (please report it)`;
  return { id, lint, live, message };
}
