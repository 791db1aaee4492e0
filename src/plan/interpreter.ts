import type { HostFacts } from "../host/types.ts";

/**
 * Why nothing starts in a virtual environment any more, or null: it is gone, or the Python that it was made with is, or
 * another minor version stands in its place. What runs already runs on. Pure.
 */
export function venvTrouble(
  facts: Pick<HostFacts, "venvs" | "pythons">,
  key: string | undefined,
): string | null {
  const venv = key === undefined ? undefined : facts.venvs[key];
  if (!venv) return "its virtual environment is gone";
  const was = `Python ${venv.python ?? "?"} (${venv.interpreter ?? "?"})`;
  if (venv.runs === false) return `${was}, which it was made with, is gone`;
  const now = facts.pythons.find((python) => python.path === venv.interpreter);
  if (!now || !venv.python || minor(now.version) === minor(venv.python)) return null;
  return `${was}, which it was made with, is Python ${now.version} now`;
}

function minor(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
