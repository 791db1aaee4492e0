import type { ManagerWiring, Owner, Slot } from "./types.ts";

type Manager = Owner["manager"]["kind"];

/** `shop-web@blue.service`: one instance of the template unit. */
export function unitName(app: string, slot: Slot | "{slot}"): string {
  return `${app}-web@${slot}.service`;
}

/** `shop-web-blue`: one supervisord program. */
export function programName(app: string, slot: Slot | "{slot}"): string {
  return `${app}-web-${slot}`;
}

/** The folder of supervisord's log files. It belongs to root, which opens them. */
export function logFolder(app: string): string {
  return `/var/log/${app}`;
}

// `-c`: without it supervisorctl prefers a supervisord.conf in the working folder, and such a file may name Python
// code to load. Under sudo that would hand root to whoever may write any folder.
const supervisorctl = ["/usr/bin/supervisorctl", "-c", "/etc/supervisor/supervisord.conf"];

/** How the deploy user steers the two slots of an application: exact commands, only what needs root through sudo. */
export function managerWiring(app: string, kind: Manager): ManagerWiring {
  const unit = unitName(app, "{slot}");
  if (kind === "systemd") {
    const shown = "ActiveState,SubState,MainPID,Result,ExecMainStatus,NRestarts";
    return {
      kind,
      start: ["sudo", "-n", "/usr/bin/systemctl", "start", unit],
      stop: ["sudo", "-n", "/usr/bin/systemctl", "stop", unit],
      reset: ["sudo", "-n", "/usr/bin/systemctl", "reset-failed", unit],
      status: ["/usr/bin/systemctl", "show", "-p", shown, unit],
      log: ["/usr/bin/journalctl", "-u", unit, "-n", "60", "--no-pager", "-o", "cat"],
    };
  }
  const program = programName(app, "{slot}");
  return {
    kind,
    start: ["sudo", "-n", ...supervisorctl, "start", program],
    stop: ["sudo", "-n", ...supervisorctl, "stop", program],
    reset: null,
    status: ["sudo", "-n", ...supervisorctl, "status", program],
    log: ["/usr/bin/tail", "-n", "60", `${logFolder(app)}/web-{slot}.log`],
  };
}

/** The commands that the deploy user may run as root, written out for both slots. */
export function rootCommands(app: string, kind: Manager): string[][] {
  const program = programName(app, "{slot}");
  const { start, stop, reset } = managerWiring(app, kind);
  const wanted = [start, stop, ...(reset ? [reset] : [])].map((argv) => argv.slice(2));
  if (kind === "supervisord") {
    wanted.push([...supervisorctl, "status", program], [...supervisorctl, "pid", program]);
  }
  return wanted.flatMap((argv) => (["blue", "green"] as const).map((slot) => forSlot(argv, slot)));
}

/** A wired command for one slot. */
export function forSlot(argv: readonly string[], slot: Slot): string[] {
  return argv.map((word) => word.replaceAll("{slot}", slot));
}
