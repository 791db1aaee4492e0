import { addressOf, type Door } from "./door.ts";
import { gatePath, ownGatePath } from "./gate.ts";
import type { Scope } from "./types.ts";
import { processUnitName, socketName } from "./wiring.ts";

export interface WebUnitOptions {
  app: string;
  user: string;
  /** Folder of the application on the host (release.path). */
  path: string;
  stopTimeoutMs: number;
  /** Absolute paths outside `path` that the application may write (targets of `shared:`). */
  writable: string[];
  /** Where /srv leads on the host, if it is a link: systemd would follow it, and hide what it has bound there before. */
  srv?: string;
  door?: Door;
  scope?: Scope;
}

/** Where root's units lie, and below a home those of a user's own. */
export const systemUnits = "/etc/systemd/system";
export const userUnits = (home: string): string => `${home}/.config/systemd/user`;

/** `/etc/systemd/system/shop-web@.service`. */
export function unitFile(app: string, folder = systemUnits): string {
  return `${folder}/${app}-web@.service`;
}

/** The server is told its own graceful timeout; the manager waits this much longer before it kills. */
const stopMarginSeconds = 10;

/**
 * The template unit of the two slots. It names only paths that never change; what belongs to a release is in the
 * release's launcher, which runs as the application's user. No EnvironmentFile and no log file: root would open them.
 * Never PrivateUsers or ambient capabilities: they hide /proc/PID/cwd, which proves what a worker runs.
 */
export function webUnit(options: WebUnitOptions): string {
  const { app, path, door } = options;
  return unit(options, {
    description: `${app} web server, slot %i`,
    sockets: door?.kind === "port" ? handed(app) : "",
    name: "%i",
    start: `${path}/slots/%i/.djdeploy/launch %i`,
    signal: "TERM",
    log: `${app}-web-%i`,
  });
}

/** `/etc/systemd/system/shop-worker.service`. */
export function processFile(app: string, name: string, folder = systemUnits): string {
  return `${folder}/${processUnitName(app, name)}`;
}

/** The unit of another process. It starts the release that `slots/NAME` names, and nothing while there is none. */
export function processUnit(options: WebUnitOptions, name: string, signal: string): string {
  const { app, path } = options;
  return unit(options, {
    description: `${app} ${name}`,
    sockets: "",
    name,
    start: `${path}/slots/${name}/.djdeploy/launch process ${name}`,
    signal,
    log: `${app}-${name}`,
  });
}

/** What the units differ in. */
interface UnitText {
  description: string;
  sockets: string;
  /** What the gate is asked about. */
  name: string;
  start: string;
  signal: string;
  log: string;
}

function unit(options: WebUnitOptions, text: UnitText): string {
  const { app, user, path, stopTimeoutMs, writable, srv = "/srv" } = options;
  const own = options.scope === "user";
  return `[Unit]
Description=${text.description}
${own ? "" : "After=network-online.target\nWants=network-online.target\n"}StartLimitIntervalSec=0

[Service]
Type=exec
${text.sockets}${own ? "" : `User=${user}\n`}ExecCondition=${own ? ownGatePath(path) : gatePath(app)} check ${text.name}
ExecStart=${text.start}
Restart=always
RestartSec=1
KillMode=mixed
${text.signal === "TERM" ? "" : `KillSignal=SIG${text.signal}\n`}TimeoutStartSec=30
TimeoutStopSec=${stopSeconds(stopTimeoutMs)}
SyslogIdentifier=${text.log}
UMask=0022
NoNewPrivileges=yes
${own ? "" : sandbox(path, writable, srv)}
[Install]
WantedBy=${own ? "default.target" : "multi-user.target"}
`;
}

/**
 * NonBlocking: whether a socket blocks is a property of the socket, not of who holds it. Without it systemd would make it
 * block at each start of a slot, under a server that runs and waits for several things at once.
 */
function handed(app: string): string {
  return `Sockets=${socketName(app)}\nNonBlocking=true\n`;
}

/** How long a manager waits for a slot to stop, in whole seconds. */
export function stopSeconds(stopTimeoutMs: number): number {
  return Math.ceil(stopTimeoutMs / 1000) + stopMarginSeconds;
}

/**
 * No tracing: what is broken into runs as the user as which a deploy starts its checks, and could stop those or read their
 * memory. Programs that try are told no, and not killed.
 */
const untraced = [
  "SystemCallFilter=~@debug process_vm_readv process_vm_writev",
  "SystemCallErrorNumber=EPERM",
];

/**
 * Everything is read-only but `sockets`, `shared`, the media and what `shared:` names. /srv is emptied, so that other applications
 * there can not be seen; what is needed of it is bound back. What
 * is bound lies in folders of root's: a link put in its place would be followed. A path elsewhere is protected by its own permissions.
 *
 * None of it for a user's own manager. On Debian 12 it ignores all of this without a word, but PrivateDevices, with which
 * nothing starts; newer ones need a user namespace for it, which hosts may forbid.
 */
function sandbox(path: string, writable: string[], srv: string): string {
  const bind = (paths: string[]) => `BindPaths=${paths.join(" ")}`;
  const own = [`${path}/sockets`, `${path}/shared`, `${path}/public/media`];
  const extra = writable.map((target) => `-${target}`);
  const readOnly = path.startsWith(`${srv}/`) ? [`BindReadOnlyPaths=${path}`] : [];
  const mounts = [`TemporaryFileSystem=${srv}:ro`, ...readOnly, bind([...own, ...extra])];
  return `${["PrivateTmp=yes", "PrivateDevices=yes", "ProtectSystem=strict", ...mounts, ...untraced].join("\n")}\n`;
}

/**
 * The port of `listen: PORT`, opened and held by systemd and handed to both slots: a release takes over while the one
 * before still answers, and a restart keeps visitors waiting instead of refusing them.
 */
export function webSocketUnit(app: string, door: { host: string; port: number }): string {
  return `[Unit]
Description=${app} web server, its port

[Socket]
ListenStream=${addressOf(door)}
${door.host === "::" ? "BindIPv6Only=both\n" : ""}Backlog=2048
NoDelay=true
TriggerLimitIntervalSec=0

[Install]
WantedBy=sockets.target
`;
}

/**
 * What systemd starts when somebody knocks and no slot runs: nothing. Without it a socket unit would start a slot, be
 * refused by the gate, and do so again for ever.
 */
export function webHolderUnit(app: string): string {
  return `[Unit]
Description=${app} web server, kept for its port: the slots are ${app}-web@blue and ${app}-web@green

[Service]
Type=oneshot
ExecStart=/bin/true
RemainAfterExit=yes
`;
}

/** `/etc/systemd/system/shop-web.socket`, and the service of that name. */
export const socketFile = (app: string, folder = systemUnits): string => `${folder}/${socketName(app)}`;
export const holderFile = (app: string, folder = systemUnits): string => `${folder}/${app}-web.service`;
