import { addressOf, type Door, link } from "./door.ts";
import { gatePath } from "./gate.ts";
import { stopSeconds } from "./systemd.ts";
import { places } from "./types.ts";
import { logFolder, placesOf, processProgramName, programName } from "./wiring.ts";

/** `/etc/supervisor/conf.d/shop-web.conf`. */
export function programFile(app: string): string {
  return `/etc/supervisor/conf.d/${app}-web.conf`;
}

/**
 * The programs of an application. `startsecs=0`: supervisord's own waiting proves nothing, the release is probed.
 * Exit code 0 is the gate's "not this slot" and is not restarted. No `environment=` and no log file under the
 * application's folder: supervisord reads and opens both as root.
 *
 * On a port it is one fcgi-program, whose processes all find the listening socket as descriptor 0: the two slots, the
 * private boot, and one that does nothing. supervisord closes the socket with the last process; so there is always one.
 */
export function webPrograms(options: ProgramOptions & { door?: Door }): string {
  const { app, door = link } = options;
  if (door.kind === "port") {
    return `[fcgi-program:${app}-web]
socket=tcp://${addressOf(door)}
socket_backlog=2048
process_name=%(process_num)d
numprocs=${places.length + 1}
${common(options, "%(process_num)d")}`;
  }
  return placesOf(door)
    .map((place) => `[program:${programName(app, place, door)}]\n${common(options, place)}`)
    .join("\n");
}

/** One program for each other process. */
export function processPrograms(
  options: ProgramOptions,
  processes: readonly { name: string; stopTimeoutMs: number; stopSignal: string }[],
): string[] {
  return processes.map(({ name, stopTimeoutMs, stopSignal }) => {
    const log = `${name}.log`;
    return `[program:${processProgramName(options.app, name)}]
${body({ ...options, stopTimeoutMs }, { name, log, signal: stopSignal })}`;
  });
}

interface ProgramOptions {
  app: string;
  user: string;
  stopTimeoutMs: number;
}

function common(options: ProgramOptions, place: string): string {
  return body(options, { name: place, log: `web-${place}.log`, signal: "TERM" });
}

function body(
  { app, user, stopTimeoutMs }: ProgramOptions,
  { name, log, signal }: { name: string; log: string; signal: string },
): string {
  return `command=${gatePath(app)} run ${name}
user=${user}
directory=/
umask=022
autostart=true
autorestart=unexpected
exitcodes=0
startsecs=0
stopsignal=${signal}
stopwaitsecs=${stopSeconds(stopTimeoutMs)}
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile=${logFolder(app)}/${log}
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=5
`;
}
