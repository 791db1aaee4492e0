# Makes systemd know the units on the lines of the input and start them at boot (their gate decides which one does).
# A socket is opened at once, and anew when its file changed: what a slot was handed before stays with it.
set --
while IFS= read -r unit; do set -- "$@" "$unit"; done
stale=
for unit; do
  case $unit in
    *.socket) [ "$(systemctl show -p NeedDaemonReload --value "$unit")" = no ] || stale=yes ;;
  esac
done
systemctl daemon-reload
systemctl -q enable -- "$@"
for unit; do
  case $unit in *.socket) ;; *) continue ;; esac
  if [ -z "$stale" ] && systemctl -q is-active "$unit"; then continue; fi
  systemctl stop "$unit" "${unit%.socket}.service"
  systemctl start "$unit" 2>/dev/null ||
    fail "$unit can not open its port: $(journalctl -q -u "$unit" -n 5 --no-pager -o cat | grep -m1 -i fail || :)"
done
