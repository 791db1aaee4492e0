# Ends processes that the configuration no longer names, and takes their units or programs away. Parameters: systemd or
# supervisord, then one name of a unit or program a line. A unit that somebody changed by hand is stopped and stays.
IFS= read -r manager
set --
while IFS= read -r name; do set -- "$@" "$name"; done
for name; do
  if [ "$manager" = systemd ]; then
    systemctl -q disable --now -- "$name" 2>/dev/null || :
    if grep -qs '^# written by djdeploy for ' "$UNITS/$name"; then rm -f "$UNITS/$name"; fi
  else
    supervisorctl -c /etc/supervisor/supervisord.conf update "$name" >/dev/null || :
  fi
done
[ "$manager" != systemd ] || systemctl daemon-reload
