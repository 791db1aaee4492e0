import { existsSync } from "node:fs";
import { join } from "node:path";
import { DeployError } from "../../errors.ts";
import { loadLint } from "../../lint/load.ts";
import type { Finding } from "../../lint/types.ts";
import { folderSubject } from "../../release/lint.ts";
import type { Invocation } from "../command.ts";
import { localConfig } from "../local.ts";

/** The findings of an id in the project that the folder is of; none where it is of none. */
export async function findingsHere(invocation: Invocation, id: string): Promise<Finding[]> {
  try {
    const config = await localConfig({ ...invocation, positionals: [] });
    // Any other folder may be large, and is nobody's project.
    if (![config.file, join(config.directory, "manage.py")].some((path) => existsSync(path))) return [];
    const { input } = await folderSubject(config, { values: {}, settings: null });
    const { lint } = await loadLint();
    return lint(input).findings.filter((f) => f.id === id || f.also.includes(id));
  } catch (error) {
    // An explanation needs no project, nor one in order.
    if (error instanceof DeployError) return [];
    throw error;
  }
}
