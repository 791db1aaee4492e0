import { satisfies, valid } from "@renovatebot/pep440";
import { DeployError, ExitCode } from "../errors.ts";
import type { HostFacts, PythonFacts } from "../host/types.ts";

/**
 * The interpreter of a release: the host's newest that the specifier (PEP 440) allows and that can make virtual
 * environments. Errors: `python.none` (nothing fits), `python.no-venv` (the one that fits lacks python3-venv).
 */
export function choosePython(
  host: string,
  facts: HostFacts,
  wanted: { value: string; evidence: string },
): PythonFacts {
  const fitting = facts.pythons.filter(({ version }) => {
    // Python adds a + where it was built from git behind a release; of what is no version satisfies() throws.
    const known = valid(version.replace(/\+$/, ""));
    return known !== null && satisfies(known, wanted.value || ">=3");
  });
  const best = fitting.filter((python) => python.venv).sort((a, b) => compare(b.version, a.version))[0];
  if (best) return best;
  const seen = facts.pythons.map((python) => `${python.version} (${python.path})`).join(", ") || "none";
  if (fitting.length > 0) {
    throw new DeployError(
      "python.no-venv",
      ExitCode.failed,
      `Python on ${host} cannot make virtual environments`,
      { host, seen, hint: "djdeploy setup ENV --user root installs python3-venv" },
    );
  }
  throw new DeployError(
    "python.none",
    ExitCode.failed,
    `${host} has no Python that this project can run on`,
    {
      host,
      expected: `Python ${wanted.value} (${wanted.evidence})`,
      seen,
      hint: "install a fitting Python on the host, or change python.version in djdeploy.yml",
    },
  );
}

function compare(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let i = 0; i < 3; i++) if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) - (right[i] ?? 0);
  return 0;
}
