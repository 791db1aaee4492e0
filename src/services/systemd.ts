import { addressOf, type Door } from "./door.ts";
import { gatePath } from "./gate.ts";
import { socketName } from "./wiring.ts";

export interface WebUnitOptions {
  app: string;
  user: string;
  /** Folder of the application on the host (release.path). */
  path: string;
  stopTimeoutMs: number;
  /** Absolute paths outside `path` that the application may write (targets of `shared:`). */
  writable: string[];
  door?: Door;
}

/** `/etc/systemd/system/shop-web@.service`. */
export function unitFile(app: string): string {
  return `/etc/systemd/system/${app}-web@.service`;
}

/** The server is told its own graceful timeout; the manager waits this much longer before it kills. */
const stopMarginSeconds = 10;

/**
 * The template unit of the two slots. It names only paths that never change; what belongs to a release is in the
 * release's launcher, which runs as the application's user. No EnvironmentFile and no log file: root would open them.
 * Never PrivateUsers or ambient capabilities: they hide /proc/PID/cwd, which proves what a worker runs.
 */
export function webUnit(options: WebUnitOptions): string {
  const { app, user, path } = options;
  return `[Unit]
Description=${app} web server, slot %i
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
${options.door?.kind === "port" ? `Sockets=${socketName(app)}\n` : ""}User=${user}
ExecCondition=${gatePath(app)} check %i
ExecStart=${path}/slots/%i/.djdeploy/launch %i
Restart=always
RestartSec=1
KillMode=mixed
TimeoutStartSec=30
TimeoutStopSec=${stopSeconds(options.stopTimeoutMs)}
SyslogIdentifier=${app}-web-%i
UMask=0022
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
${sandbox(path, options.writable).join("\n")}

[Install]
WantedBy=multi-user.target
`;
}

/** How long a manager waits for a slot to stop, in whole seconds. */
export function stopSeconds(stopTimeoutMs: number): number {
  return Math.ceil(stopTimeoutMs / 1000) + stopMarginSeconds;
}

/**
 * Everything is read-only but `run`, `shared` and what `shared:` names. /srv is emptied, so that other applications
 * there can not be seen; what is needed of it is bound back. A path elsewhere is protected by its own permissions.
 */
function sandbox(path: string, writable: string[]): string[] {
  const bind = (paths: string[]) => `BindPaths=${paths.join(" ")}`;
  const own = [`${path}/run`, `${path}/shared`];
  const extra = writable.map((target) => `-${target}`);
  const readOnly = inSrv(path) ? [`BindReadOnlyPaths=${path}`] : [];
  return ["TemporaryFileSystem=/srv:ro", ...readOnly, bind([...own, ...extra])];
}

function inSrv(path: string): boolean {
  return path.startsWith("/srv/");
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
export const socketFile = (app: string): string => `/etc/systemd/system/${socketName(app)}`;
export const holderFile = (app: string): string => `/etc/systemd/system/${app}-web.service`;
