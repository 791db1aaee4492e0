import type { Config } from "../../config/types.ts";
import { setupHash } from "../setup/files.ts";
import { needsOfOwner } from "../setup/needs.ts";
import { finding } from "./finding.ts";
import { ofDatabases, ofSudo } from "./judge-needs.ts";
import { ofSystem } from "./judge-system.ts";
import { ofCertificate, ofOutside } from "./judge-way.ts";
import type { Finding, Looked } from "./types.ts";

/** Everything that was looked at on a host that setup made ready, worst first within what belongs together. Pure. */
export function judgeHost(config: Config, host: string, looked: Looked): Finding[] {
  return [
    ...ofSetup(config, looked),
    ...ofRelease(config, looked),
    ...ofRoom(config, looked),
    ...ofUnits(config, looked),
    ...ofSudo(config, looked),
    ...ofDatabases(config, looked),
    ...ofOutside(config, host, looked),
    ...ofCertificate(config, looked),
    ...ofSystem(looked),
  ];
}

function ofSetup(config: Config, { facts }: Looked): Finding[] {
  const again = `djdeploy setup ${config.environment}${config.server.scope === "user" ? "" : " --user root"}`;
  const { owner } = facts;
  if (owner === null) return [finding("setup", "error", "the host is not set up", { fix: again })];
  if (!facts.writable)
    return [
      finding("setup", "error", `${facts.user} may not write where releases go`, {
        expected: `the user ${owner.deployer ?? owner.user}`,
        seen: `connected as ${facts.user}`,
        fix: again,
      }),
    ];
  if (owner.setup !== setupHash(config, needsOfOwner(owner)))
    return [
      finding("setup", "warning", "setup would write other units, rules or another site than lie there", {
        expected: "what djdeploy.yml and this version of djdeploy describe",
        seen: "an older setup",
        fix: `${again} (--dry-run shows the difference)`,
      }),
    ];
  return [finding("setup", "ok", "units, rules and site are those of djdeploy.yml")];
}

function ofRelease({ environment }: Config, { standing, facts }: Looked): Finding[] {
  const deploy = `djdeploy deploy ${environment}`;
  if ("unknown" in standing)
    return [finding("release", "unknown", "what serves", { seen: standing.unknown })];
  const found: Finding[] = standing.problems.map(({ message, fix }) =>
    finding("release", "error", message, { fix }),
  );
  if (!standing.served) found.push(finding("release", "warning", "nothing is live", { fix: deploy }));
  else if (found.length === 0)
    found.push(finding("release", "ok", `${standing.served.release} serves: ${standing.proof ?? "proven"}`));
  if (facts.interrupted)
    found.push(
      finding("interrupted", "warning", "a migration was ended before its end", {
        seen: facts.interrupted.doing ?? facts.interrupted.run,
        fix: deploy,
      }),
    );
  const unfinished = facts.releases.filter(({ state }) => state === "building" || state === "switched");
  if (unfinished.length > 0 && facts.lock === null)
    found.push(
      finding("leftovers", "warning", "runs that died left releases behind", {
        seen: unfinished.map(({ id }) => id).join(", "),
        fix: `${deploy} (it clears them)`,
      }),
    );
  return found;
}

function ofRoom({ release, environment }: Config, { facts, now, tookSeconds }: Looked): Finding[] {
  const disk = facts.diskFreeMb < 300 ? "error" : facts.diskFreeMb < 1500 ? "warning" : "ok";
  const inodes = facts.inodesFree > 0 && facts.inodesFree < 2000 ? "error" : "ok";
  const free = facts.memoryMb + (facts.swapMb ?? 0);
  const taken = facts.serving
    ? facts.serving.mainMb + facts.serving.workersMb.reduce((sum, mb) => sum + mb, 0)
    : null;
  // Both ends of one question: what lies between is its way.
  const apart = Math.max(0, Math.abs(facts.time - now) - tookSeconds);
  const clock = apart > 300 ? "error" : apart > 30 ? "warning" : "ok";
  return [
    finding("disk", disk, `${facts.diskFreeMb} MB free at ${release.path}`, {
      expected: disk === "ok" ? null : "1500 MB: a release, its virtual environment and a backup",
      fix: disk === "ok" ? null : `df -h ${release.path} and du -xsh ${release.path}/* show what takes it`,
    }),
    finding(
      "inodes",
      inodes,
      facts.inodesFree > 0 ? `${facts.inodesFree} inodes free` : "the file system counts no inodes",
      {
        expected: inodes === "ok" ? null : "2000",
        fix: inodes === "ok" ? null : `df -i ${release.path}; remove many small files`,
      },
    ),
    taken === null
      ? finding("memory", "ok", `${free} MiB free`)
      : finding(
          "memory",
          taken > free ? "warning" : "ok",
          `${free} MiB free, the live release takes ${taken}`,
          {
            expected: taken > free ? `${taken} MiB: two releases run side by side for a moment` : null,
            fix:
              taken > free
                ? `fewer workers (server.workers), or swap: djdeploy plan ${environment} shows how many fit`
                : null,
          },
        ),
    finding(
      "clock",
      clock,
      clock === "ok" ? "the clocks agree" : `the clocks are ${Math.round(apart)} s apart`,
      {
        expected:
          clock === "ok" ? null : "less than 30 s: certificates, signed cookies and schedules depend on it",
        fix:
          clock === "ok"
            ? null
            : "timedatectl on both machines says whose is wrong; apt-get install systemd-timesyncd && timedatectl set-ntp true",
      },
    ),
  ];
}

function ofUnits({ server }: Config, { system }: Looked): Finding[] {
  if ("unknown" in system) return [finding("units", "unknown", "units", { seen: system.unknown })];
  const control = server.scope === "user" ? "systemctl --user" : "systemctl";
  return Object.entries(system.units).flatMap(([name, { enabled, active }]) => {
    const slot = /@(blue|green)\.service$/.test(name);
    const found: Finding[] = [];
    if (enabled !== "enabled")
      found.push(
        finding("units", "error", `${name} would not start after a reboot`, {
          expected: "enabled",
          seen: enabled || "not there",
          fix:
            enabled === "masked"
              ? `${control} unmask ${name} && ${control} enable ${name}`
              : `${control} enable ${name}`,
        }),
      );
    // Which of the slots runs is what the release's proof says.
    if (!slot && active !== "active" && /^(nginx|supervisor|certbot)\b/.test(name))
      found.push(
        finding("units", "error", `${name} does not run`, {
          expected: "active",
          seen: active || "not there",
          fix: `${control} start ${name}; journalctl -u ${name} -n 20 says why it ended`,
        }),
      );
    return found.length > 0
      ? found
      : [finding("units", "ok", `${name} is ${slot ? "enabled" : `enabled, ${active}`}`)];
  });
}
