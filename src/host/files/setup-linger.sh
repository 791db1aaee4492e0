# Makes the user's services start with the host and outlive its logins, and waits for its systemd. Parameter: user.
IFS= read -r user
said=$(loginctl enable-linger 2>&1) || fail "$user may not let its services run without a login: $said"
left=100
until [ -S "$XDG_RUNTIME_DIR/systemd/private" ]; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || fail "systemd does not run for $user: $XDG_RUNTIME_DIR is not there"
  sleep 0.1
done
