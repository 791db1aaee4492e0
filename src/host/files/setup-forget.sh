# Ends processes that the configuration no longer names, and takes their units or programs away. Parameters: systemd or
# supervisord, whose they are (APP/ENVIRONMENT), then one name of a unit or program a line. A unit that does not say that
# djdeploy wrote it for them is left alone, whatever a record says.
IFS= read -r manager
IFS= read -r mark
set --
while IFS= read -r name; do set -- "$@" "$name"; done
for name; do
  if [ "$manager" = systemd ]; then
    file=$UNITS/$name
    case $name in *@*.service) file=$UNITS/${name%%@*}@.service ;; esac
    if grep -qsF "# written by djdeploy for $mark, " "$file"; then
      systemctl -q disable --now -- "$name" 2>/dev/null || :
      rm -f "$UNITS/$name"
    fi
  else
    supervisorctl -c /etc/supervisor/supervisord.conf update "$name" >/dev/null || :
  fi
done
[ "$manager" != systemd ] || systemctl daemon-reload
