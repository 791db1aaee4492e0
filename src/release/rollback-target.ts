import { DeployError, ExitCode } from "../errors.ts";
import type { Manifest } from "../host/types.ts";

/**
 * The release to go back to. `to`: a release's id, a commit (at least 4 characters of it), `previous` or null: the
 * last good release before the live one. Only releases that were proven once are good. Pure.
 */
export function rollbackTarget(host: string, releases: Manifest[], to: string | null): Manifest {
  const live = releases.find((release) => release.live);
  const good = releases.filter((release) => !release.live && release.state === "superseded");
  if (to === null || to === "previous") {
    const before = good.filter((release) => !live || release.id < live.id).at(-1);
    if (before) return before;
    throw new DeployError(
      "rollback.none",
      ExitCode.failed,
      `${host} has no good release before the live one`,
      {
        host,
        expected: "a release that was live once",
        seen: describe(releases),
        hint: "djdeploy releases ENV lists them; --to names one",
      },
    );
  }
  const named = releases.filter((one) => one.id === to || (to.length >= 4 && one.revision?.startsWith(to)));
  const found = named.filter((one) => good.includes(one)).at(-1);
  if (found) return found;
  const other = named.at(-1);
  throw new DeployError(
    "rollback.unknown",
    other ? ExitCode.failed : ExitCode.usage,
    other?.live
      ? `${other.id} is live already`
      : other
        ? `${other.id} was never proven (${other.state})`
        : `${host} has no release ${to}`,
    { host, seen: describe(releases), hint: "djdeploy releases ENV lists those that can be gone back to" },
  );
}

function describe(releases: Manifest[]): string {
  return releases.map((one) => `${one.id} (${one.live ? "live" : one.state})`).join(", ") || "no release";
}
