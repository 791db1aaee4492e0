import { gatePath } from "./gate.ts";

export interface WebUnitOptions {
  app: string;
  user: string;
  /** Folder of the application on the host (release.path). */
  path: string;
  stopTimeoutMs: number;
  /** Absolute paths outside `path` that the application may write (targets of `shared:`). */
  writable: string[];
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
User=${user}
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
