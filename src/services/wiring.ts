import { type Door, link } from "./door.ts";
import { type ManagerWiring, type Owner, type Place, places, slots } from "./types.ts";

type Manager = Owner["manager"]["kind"];

/** `shop-web@blue.service`: one instance of the template unit. */
export function unitName(app: string, slot: Place | "{slot}"): string {
  return `${app}-web@${slot}.service`;
}

/** `shop-web.socket`: the port that is handed to both slots. */
export function socketName(app: string): string {
  return `${app}-web.socket`;
}

/** `shop-web-blue`, or on a handed port `shop-web:0`: one process of supervisord's. */
export function programName(app: string, slot: Place | "{slot}", door: Door = link): string {
  if (door.kind !== "port") return `${app}-web-${slot}`;
  return `${app}-web:${slot === "{slot}" ? "{number}" : places.indexOf(slot)}`;
}

/** What the manager can start: on a port the private boot is an instance of its own. */
export function placesOf(door: Door): readonly Place[] {
  return door.kind === "link" ? slots : places;
}

/** The folder of supervisord's log files. It belongs to root, which opens them. */
export function logFolder(app: string): string {
  return `/var/log/${app}`;
}

// `-c`: without it supervisorctl prefers a supervisord.conf in the working folder, and such a file may name Python
// code to load. Under sudo that would hand root to whoever may write any folder.
const supervisorctl = ["/usr/bin/supervisorctl", "-c", "/etc/supervisor/supervisord.conf"];

/** How the deploy user steers the two slots of an application: exact commands, only what needs root through sudo. */
export function managerWiring(app: string, kind: Manager, door: Door = link): ManagerWiring {
  const unit = unitName(app, "{slot}");
  const known = door.kind === "link" ? {} : { places: placesOf(door) };
  if (kind === "systemd") {
    const shown = "ActiveState,SubState,MainPID,Result,ExecMainStatus,NRestarts";
    return {
      kind,
      ...known,
      start: ["sudo", "-n", "/usr/bin/systemctl", "start", unit],
      stop: ["sudo", "-n", "/usr/bin/systemctl", "stop", unit],
      reset: ["sudo", "-n", "/usr/bin/systemctl", "reset-failed", unit],
      status: ["/usr/bin/systemctl", "show", "-p", shown, unit],
      log: ["/usr/bin/journalctl", "-u", unit, "-n", "60", "--no-pager", "-o", "cat"],
    };
  }
  const program = programName(app, "{slot}", door);
  const log = door.kind === "port" ? "web-{number}.log" : "web-{slot}.log";
  return {
    kind,
    ...known,
    start: ["sudo", "-n", ...supervisorctl, "start", program],
    stop: ["sudo", "-n", ...supervisorctl, "stop", program],
    reset: null,
    status: ["sudo", "-n", ...supervisorctl, "status", program],
    log: ["/usr/bin/tail", "-n", "60", `${logFolder(app)}/${log}`],
  };
}

/** The commands that the deploy user may run as root, written out for each place. */
export function rootCommands(app: string, kind: Manager, door: Door = link): string[][] {
  const program = programName(app, "{slot}", door);
  const { start, stop, reset } = managerWiring(app, kind, door);
  const wanted = [start, stop, ...(reset ? [reset] : [])].map((argv) => argv.slice(2));
  if (kind === "supervisord") {
    wanted.push([...supervisorctl, "status", program], [...supervisorctl, "pid", program]);
  }
  return wanted.flatMap((argv) => placesOf(door).map((place) => forSlot(argv, place)));
}

/** A wired command for one slot. */
export function forSlot(argv: readonly string[], slot: Place): string[] {
  const number = String(places.indexOf(slot));
  return argv.map((word) => word.replaceAll("{slot}", slot).replaceAll("{number}", number));
}
