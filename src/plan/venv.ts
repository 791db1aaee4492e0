import { createHash } from "node:crypto";
import type { Config } from "../config/types.ts";
import { DeployError, ExitCode } from "../errors.ts";
import type { HostFacts, PythonFacts } from "../host/types.ts";
import type { Project } from "../project/types.ts";
import { servers } from "../services/servers/index.ts";
import { venvTrouble } from "./interpreter.ts";
import type { VenvPlan } from "./types.ts";

/**
 * Plans the virtual environment. The key covers the lock and requirement files with their whole closure, the
 * installer and its options, the interpreter and the platform: equal keys are equal environments.
 * `hashes` are the SHA-256 of the shipped files by path.
 */
export function planVenv(
  config: Config,
  project: Project,
  hashes: ReadonlyMap<string, string>,
  python: PythonFacts,
  facts: HostFacts,
): VenvPlan {
  const installer = project.installer.value;
  if (installer !== "pip" && installer !== "uv") {
    throw new DeployError(
      "python.installer",
      ExitCode.usage,
      `installing with ${installer} is not yet supported (${project.installer.evidence})`,
      { hint: "export a requirements.txt and set python.installer to pip, or use uv" },
    );
  }
  const kind = project.server.value;
  const server = servers[kind];
  const extra = server.packages.some((name) => name in project.packages) ? null : server.pinned;
  const mode = project.declared
    ? "declared"
    : installer === "uv" && project.requirements.some((path) => path.endsWith("uv.lock"))
      ? "sync"
      : "requirements";
  const args = mode === "sync" ? syncArguments(config) : (project.declared ?? project.requirementArguments);
  const closure = project.requirements.map((path) => [path, hashes.get(path) ?? ""]);
  const parts = {
    installer,
    mode,
    args,
    extra,
    closure,
    python: [python.path, python.version],
    machine: facts.machine,
  };
  const key = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
  return {
    key,
    python: python.path,
    installer,
    mode,
    args,
    hashed: project.hashed,
    extra,
    ready: venvTrouble(facts, key) === null,
  };
}

function syncArguments(config: Config): string[] {
  return [
    "--no-dev",
    ...config.python.groups.flatMap((group) => ["--group", group]),
    ...config.python.extras.flatMap((extra) => ["--extra", extra]),
  ];
}
