import { writeFile } from "node:fs/promises";
import type { Config } from "../config/types.ts";
import { usageError } from "../errors.ts";
import { lintToSarif } from "../lint/index.ts";
import type { LintResult } from "../lint/types.ts";
import { collectShipment, readProject } from "../project/index.ts";
import { jsonText } from "../report/json-text.ts";
import { createRedactor, redactDeep } from "../report/redact.ts";
import { version } from "../version.ts";
import { lintShipment } from "./lint.ts";

/** Writes findings for code scanning; `values` are secrets, which a message might repeat. */
export async function writeSarif(
  file: string,
  result: LintResult,
  values: Record<string, string>,
): Promise<void> {
  const sarif = redactDeep(lintToSarif(result, version), createRedactor(Object.values(values)));
  await writeFile(file, `${jsonText(sarif, 2)}\n`).catch((error: NodeJS.ErrnoException) => {
    throw usageError("usage.file", `the findings cannot be written to ${file}: ${error.message}`, {
      hint: "name a file in a folder that exists",
    });
  });
}

/** The findings of a revision as it would be shipped, for a plan. */
export async function writeRevisionSarif(
  file: string,
  config: Config,
  revision: string | null,
  values: Record<string, string>,
): Promise<void> {
  const project = await readProject(config, revision);
  const shipment = await collectShipment(project, config);
  await writeSarif(file, await lintShipment(config, project, shipment, values), values);
}
