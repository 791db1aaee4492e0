# Prints "unreadable" when the user can not read what its own processes write to the journal. Parameter: user.
IFS= read -r user
mark="djdeploy-setup-$$-$(date +%s)"
echo "$mark: can $user read this?" | systemd-cat -t djdeploy-setup
left=20
until journalctl -q --user -t djdeploy-setup --since -5min -o cat 2>/dev/null | grep -q "^$mark"; do
  left=$((left - 1))
  if [ "$left" -le 0 ]; then echo unreadable; exit; fi
  sleep 0.1
done
