# Makes the user that deploys: its own group is that of the user that the application runs as, so that each reads what
# the other leaves to its group. Parameters: name, that user, home folder, a group that it joins to reach the sockets.
IFS= read -r name
IFS= read -r user
IFS= read -r home
IFS= read -r group
if ! getent passwd "$name" >/dev/null; then
  # The password '*' fits no password, and unlike '!' does not lock the account for sshd.
  useradd --system -g "$(id -gn "$user")" --home-dir "$home" --no-create-home --shell /bin/bash --password '*' "$name"
fi
usermod -a -G "$group" "$name"
