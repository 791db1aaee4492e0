import { gatePath } from "./gate.ts";
import { stopSeconds } from "./systemd.ts";
import { slots } from "./types.ts";
import { logFolder, programName } from "./wiring.ts";

/** `/etc/supervisor/conf.d/shop-web.conf`. */
export function programFile(app: string): string {
  return `/etc/supervisor/conf.d/${app}-web.conf`;
}

/**
 * The two programs of an application. `startsecs=0`: supervisord's own waiting proves nothing, the release is probed.
 * Exit code 0 is the gate's "not this slot" and is not restarted. No `environment=` and no log file under the
 * application's folder: supervisord reads and opens both as root.
 */
export function webPrograms(options: { app: string; user: string; stopTimeoutMs: number }): string {
  const { app } = options;
  const program = (slot: (typeof slots)[number]) => `[program:${programName(app, slot)}]
command=${gatePath(app)} run ${slot}
user=${options.user}
directory=/
umask=022
autostart=true
autorestart=unexpected
exitcodes=0
startsecs=0
stopsignal=TERM
stopwaitsecs=${stopSeconds(options.stopTimeoutMs)}
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile=${logFolder(app)}/web-${slot}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=5
`;
  return slots.map(program).join("\n");
}
