import { type Door, link } from "./door.ts";
import {
  type ManagerWiring,
  type Owner,
  type Place,
  places,
  type Scope,
  type ServiceWiring,
  slots,
} from "./types.ts";

type Manager = Owner["manager"]["kind"];

/** Where root keeps the program that prints an application's own journal (journal.ts). */
export const journalPath = (app: string): string => `/usr/local/lib/djdeploy/${app}-journal`;

/**
 * How the user that deploys asks it: name, lines and "follow" or "" go over standard input, so that its sudo rule has no
 * arguments.
 */
function journalCommand(app: string, name: string): string[] {
  const ask = `echo "$1 $2 $3" | exec sudo -n ${journalPath(app)}`;
  return ["/bin/sh", "-c", ask, "journal", name, "60", ""];
}

/** A wired log with another number of lines, or one that goes on. journalctl and tail both take -n and -f. */
export function logWith(wired: readonly string[], lines: number, follow: boolean): string[] {
  if (wired[0] === "/bin/sh") return [...wired.slice(0, 5), String(lines), follow ? "follow" : ""];
  const argv = [...wired];
  const at = argv.indexOf("-n");
  if (at >= 0) argv[at + 1] = String(lines);
  if (follow) argv.splice(1, 0, "-f");
  return argv;
}

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

/** `shop-worker.service`, or the supervisord program `shop-worker`. */
export const processUnitName = (app: string, name: string): string => `${app}-${name}.service`;
export const processProgramName = (app: string, name: string): string => `${app}-${name}`;

/** What the manager can start: on a port the private boot is an instance of its own. */
export function placesOf(door: Door): readonly Place[] {
  if (door.kind === "none") return [];
  return door.kind === "link" ? slots : places;
}

/** The folder of supervisord's log files. It belongs to root, which opens them. */
export function logFolder(app: string): string {
  return `/var/log/${app}`;
}

/** Where root keeps the program by which the deploy user asks supervisord (src/host/files/supervisorctl.py). */
export const controlPath = (app: string): string => `/usr/local/lib/djdeploy/${app}-supervisorctl`;

/** The configuration is named, so that the sudo rule holds it: under sudo no file of a working folder may count. */
const control = (app: string) => [controlPath(app), "-c", "/etc/supervisor/supervisord.conf"];

/** How the deploy user steers the two slots of an application: exact commands, only what needs root through sudo. */
export function managerWiring(
  app: string,
  kind: Manager,
  door: Door = link,
  scope: Scope = "system",
): ManagerWiring {
  const known = door.kind === "link" ? {} : { places: placesOf(door) };
  if (scope === "user") return { kind, scope, ...known, ...ownUnitWiring(unitName(app, "{slot}")) };
  if (kind === "systemd")
    return { kind, ...known, ...unitWiring(unitName(app, "{slot}"), journalCommand(app, "{slot}")) };
  const log = door.kind === "port" ? "web-{number}.log" : "web-{slot}.log";
  return {
    kind,
    ...known,
    ...programWiring(app, programName(app, "{slot}", door), `${logFolder(app)}/${log}`),
  };
}

/** How it steers another process. */
export function processWiring(
  app: string,
  kind: Manager,
  name: string,
  scope: Scope = "system",
): ServiceWiring {
  if (scope === "user") return ownUnitWiring(processUnitName(app, name));
  return kind === "systemd"
    ? unitWiring(processUnitName(app, name), journalCommand(app, name))
    : programWiring(app, processProgramName(app, name), `${logFolder(app)}/${name}.log`);
}

const shown = "ActiveState,SubState,MainPID,Result,ExecMainStatus,NRestarts";

function unitWiring(unit: string, log: string[]): ServiceWiring {
  return {
    start: ["sudo", "-n", "/usr/bin/systemctl", "start", unit],
    stop: ["sudo", "-n", "/usr/bin/systemctl", "stop", unit],
    reset: ["sudo", "-n", "/usr/bin/systemctl", "reset-failed", unit],
    status: ["/usr/bin/systemctl", "show", "-p", shown, unit],
    log,
  };
}

/** The agent sets XDG_RUNTIME_DIR, by which systemctl finds the user's own manager. */
function ownUnitWiring(unit: string): ServiceWiring {
  const systemctl = ["/usr/bin/systemctl", "--user"];
  return {
    start: [...systemctl, "start", unit],
    stop: [...systemctl, "stop", unit],
    reset: [...systemctl, "reset-failed", unit],
    status: [...systemctl, "show", "-p", shown, unit],
    log: ["/usr/bin/journalctl", "-q", "--user-unit", unit, "-n", "60", "--no-pager", "-o", "cat"],
  };
}

function programWiring(app: string, program: string, log: string): ServiceWiring {
  return {
    start: ["sudo", "-n", ...control(app), "start", program],
    stop: ["sudo", "-n", ...control(app), "stop", program],
    reset: null,
    status: ["sudo", "-n", ...control(app), "status", program],
    log: ["/usr/bin/tail", "-n", "60", log],
  };
}

/** The commands that the deploy user may run as root, written out for each place and process. */
export function rootCommands(
  app: string,
  kind: Manager,
  door: Door = link,
  processes: readonly string[] = [],
): string[][] {
  const web = managerWiring(app, kind, door);
  const slots = rooted(web).flatMap((argv) => placesOf(door).map((place) => forSlot(argv, place)));
  const journal = kind === "systemd" ? [[journalPath(app)]] : [];
  return [...slots, ...processes.flatMap((name) => rooted(processWiring(app, kind, name))), ...journal];
}

/** What of a wiring goes through sudo. */
function rooted({ start, stop, reset, status }: ServiceWiring): string[][] {
  const wanted = [start, stop, ...(reset ? [reset] : [])].map((argv) => argv.slice(2));
  return status[0] === "sudo" ? [...wanted, status.slice(2)] : wanted;
}

/** A wired command for one slot. */
export function forSlot(argv: readonly string[], slot: Place): string[] {
  const number = String(places.indexOf(slot));
  return argv.map((word) => word.replaceAll("{slot}", slot).replaceAll("{number}", number));
}
