# Makes systemd know the units on the lines of the input and start them at boot (their gate decides which one does).
set --
while IFS= read -r unit; do set -- "$@" "$unit"; done
systemctl daemon-reload
systemctl -q enable -- "$@"
