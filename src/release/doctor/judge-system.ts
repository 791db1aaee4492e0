import { finding } from "./finding.ts";
import type { Finding, Looked } from "./types.ts";

/** What the host's packages ask for. */
export function ofSystem({ system }: Looked): Finding[] {
  if ("unknown" in system) return [];
  const { rebootFor, securityUpdates, listsAgeDays } = system;
  const stale = listsAgeDays !== null && listsAgeDays > 7;
  const found = [
    rebootFor === null
      ? finding("reboot", "ok", "no reboot is due")
      : finding("reboot", "warning", "a reboot is due", {
          seen: rebootFor.join(", ") || "/run/reboot-required",
          fix: "reboot the host; the site comes up by itself",
        }),
  ];
  if (securityUpdates === null)
    found.push(finding("updates", "unknown", "security updates", { seen: "apt-get can not say" }));
  else if (securityUpdates > 0)
    found.push(
      finding("updates", "warning", `${securityUpdates} security updates wait`, {
        fix: "apt-get update && apt-get upgrade on the host, or apt-get install unattended-upgrades",
      }),
    );
  else if (stale)
    found.push(
      finding("updates", "unknown", "security updates", {
        seen: `the lists of packages are ${Math.floor(listsAgeDays)} days old`,
        fix: "apt-get update on the host",
      }),
    );
  else found.push(finding("updates", "ok", "no security update waits"));
  return found;
}
