import type { Config } from "../config/types.ts";
import { type Place, writeText } from "../files/write.ts";
import { loadLint } from "../lint/load.ts";
import type { LintResult } from "../lint/types.ts";
import { collectShipment, readProject } from "../project/index.ts";
import { jsonText } from "../report/json-text.ts";
import { type Redact, redactDeep } from "../report/redact.ts";
import { version } from "../version.ts";
import { lintShipment } from "./lint.ts";

/** Below the folder where the run began, or where somebody named it. */
export type SarifPlace = Pick<Place, "folder" | "file">;

/** Writes findings for code scanning; `redact` hides what is secret, which a message might repeat. */
export async function writeSarif(place: SarifPlace, result: LintResult, redact: Redact): Promise<void> {
  const { lintToSarif } = await loadLint();
  const sarif = redactDeep(lintToSarif(result, version), redact);
  await writeText({ ...place, code: "usage.file" }, `${jsonText(sarif, 2)}\n`);
}

/** The findings of a revision as it would be shipped, for a plan. */
export async function writeRevisionSarif(
  place: SarifPlace,
  config: Config,
  revision: string | null,
  values: Record<string, string>,
  redact: Redact,
): Promise<void> {
  const project = await readProject(config, revision);
  const shipment = await collectShipment(project, config);
  await writeSarif(place, await lintShipment(config, project, shipment, values), redact);
}
