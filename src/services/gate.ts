/** Where root keeps the gate of an application. */
export function gatePath(app: string): string {
  return `/usr/local/lib/djdeploy/${app}-gate`;
}

/** Where it lies without root. */
export function ownGatePath(path: string): string {
  return `${path}/.djdeploy/gate`;
}

/**
 * The gate: both slots are enabled, so that the live one comes back after a reboot; the gate lets only that one start.
 * A slot may start when `run/web.sock` names it, or when `run/SLOT.boot` holds the id of this boot, which a release
 * writes there before it asks for a start. It never changes, belongs to root where there is one, and runs as the application's user.
 *
 * `gate check SLOT` is systemd's ExecCondition: 0 = start, 1 = skip without a failure. `gate run SLOT` is
 * supervisord's command: it ends with 0 when the slot must not start, else becomes the launcher, without new rights. Where supervisord
 * holds a port, it knows its processes by number: the places in their order, then one that only keeps the port open.
 * Another process starts whenever its link `slots/NAME` names a release.
 */
export function gate(path: string, processes: readonly string[] = []): string {
  const others = processes.length > 0 ? `  ${processes.join(" | ")}) ;;\n` : "";
  return `set -u
path=${path}
slot=\${2:-}
case $slot in
  blue | green | probe) ;;
  0) slot=blue ;;
  1) slot=green ;;
  2) slot=probe ;;
  3) exec sleep infinity ;;
${others}  *) echo "usage: $0 check|run blue|green|probe" >&2; exit 2 ;;
esac

allowed() {
  [ -e "$path/slots/$slot/.djdeploy/launch" ] || return 1
  case $slot in blue | green | probe) ;; *) return 0 ;; esac
  [ "$(readlink "$path/run/web.sock")" = "$slot.sock" ] && return 0
  [ "$(cat "$path/run/$slot.boot" 2>/dev/null)" = "$(cat /proc/sys/kernel/random/boot_id)" ]
}

case $1 in
  check) allowed || exit 1 ;;
  run)
    allowed || { echo "djdeploy: slot $slot is not live and was not asked for in this boot: not started"; exit 0; }
    case $slot in
      blue | green | probe) set -- "$slot" ;;
      *) set -- process "$slot" ;;
    esac
    # As a unit says it (NoNewPrivileges): no program with rights of its own, such as crontab, gives it any.
    exec /usr/bin/setpriv --no-new-privs -- "$path/slots/$slot/.djdeploy/launch" "$@"
    ;;
  *) exit 2 ;;
esac
`;
}
