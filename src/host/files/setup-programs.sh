# Makes supervisord know the programs on the lines of the input. Other programs are left alone.
set --
while IFS= read -r program; do set -- "$@" "$program"; done
control() { supervisorctl -c /etc/supervisor/supervisord.conf "$@"; }
systemctl -q enable --now supervisor
left=50
until control pid >/dev/null 2>&1; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || fail "supervisord does not answer: $(control pid 2>&1)"
  sleep 0.2
done
said=$(control reread 2>&1) || fail "supervisorctl reread: $said"
for program; do
  said=$said$(control update "${program%%:*}" 2>&1) || fail "supervisorctl update: $said"
done
for program; do
  control pid "$program" | grep -Eq '^[0-9]+$' || fail "supervisord does not know $program: $said"
done
