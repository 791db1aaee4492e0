# Makes the user that the application runs as, who has no login. Parameters: name, home folder, a group
# that it must not be in: whoever is reads what all others log.
IFS= read -r user
IFS= read -r home
IFS= read -r group
if ! getent passwd "$user" >/dev/null; then
  if getent group "$user" >/dev/null; then own="-g $user"; else own=-U; fi
  # shellcheck disable=SC2086
  useradd --system $own --home-dir "$home" --no-create-home --shell /usr/sbin/nologin --password '*' "$user"
fi
if id -Gn "$user" | grep -qw -- "$group"; then gpasswd -d "$user" "$group" >/dev/null; fi
