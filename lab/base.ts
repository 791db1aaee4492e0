import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { must } from "./exec.ts";
import { writeInside } from "./inside.ts";
import { withLock } from "./lock.ts";
import { machineFiles, mirrors } from "./machine.ts";
import { cacheFolder } from "./paths.ts";

/** Debian 12 with Python 3.11, and Debian 13 with Python 3.13. */
export type BaseName = "bookworm" | "trixie";
export const baseNames: readonly BaseName[] = ["bookworm", "trixie"];

// What a freshly rented Debian server has. Everything else is for `djdeploy setup` to install.
const packages = [
  ...["systemd", "systemd-sysv", "dbus", "dbus-user-session", "libpam-systemd", "openssh-server", "sudo"],
  ...["adduser", "python3", "iproute2", "procps", "ca-certificates", "tzdata", "cron", "less"],
];

// Downloaded, not installed: an apt-get install inside a host then unpacks from the host's own archive folder.
const seeds = [
  ...["nginx", "nginx-light", "supervisor", "python3-venv", "rsync", "git", "curl", "acl"],
  ...["sqlite3", "gettext", "libpq-dev", "redis-server", "postgresql"],
];

const finish = `
set -eu
export DEBIAN_FRONTEND=noninteractive
# Timers that would take apt's lock at a moment nobody chose.
systemctl mask --quiet apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer
systemctl enable --quiet ssh.service
rm -f /etc/ssh/ssh_host_* /etc/apt/sources.list
apt-get -q update
apt-get -q -y --download-only install ${seeds.join(" ")}
`;

function sources(base: BaseName, mirror: string, security: string): string {
  const signed = "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg";
  return `Types: deb\nURIs: ${mirror}\nSuites: ${base} ${base}-updates\nComponents: main\n${signed}\n
Types: deb\nURIs: ${security}\nSuites: ${base}-security\nComponents: main\n${signed}\n`;
}

/**
 * The folder of a base image, built on first use (about a minute) and kept. It is the lower layer of hosts' disks:
 * never write into it. Its name carries a hash of the recipe, so a changed recipe is a new image.
 */
export async function baseImage(base: BaseName, say: (line: string) => void = () => {}): Promise<string> {
  const { mirror, security } = mirrors();
  const recipe = JSON.stringify([base, packages, finish, sources(base, mirror, security)]);
  const hash = createHash("sha256").update(recipe).digest("hex").slice(0, 12);
  const folder = join(cacheFolder, "bases", `${base}-${hash}`);
  if (existsSync(folder)) return folder;
  return await withLock(join(cacheFolder, "bases", `${base}.lock`), async () => {
    if (existsSync(folder)) return folder;
    say(`building the ${base} base image (once, about a minute)`);
    const building = `${folder}.building`;
    rmSync(building, { recursive: true, force: true });
    mkdirSync(building, { recursive: true });
    const script = scriptOf(base);
    await must("debootstrap", [
      "--variant=minbase",
      `--include=${packages.join(",")}`,
      ...[base, building, mirror],
      ...(script ? [script] : []),
    ]);
    for (const [path, text] of Object.entries(machineFiles())) writeInside(building, path, text);
    writeInside(building, "/etc/apt/sources.list.d/debian.sources", sources(base, mirror, security));
    // Nothing on a host of the lab has to survive a power cut of this machine, so dpkg need not wait for the disk.
    writeInside(building, "/etc/dpkg/dpkg.cfg.d/lab", "force-unsafe-io\n");
    await must("chroot", [building, "/bin/sh"], { input: finish, env: { PATH: process.env.PATH } });
    renameSync(building, folder);
    return folder;
  });
}

/** debootstrap's own script for the suite, or that of sid where this machine's debootstrap is older than the suite. */
function scriptOf(base: BaseName): string | undefined {
  const folder = "/usr/share/debootstrap/scripts";
  return existsSync(join(folder, base)) ? undefined : join(folder, "sid");
}
