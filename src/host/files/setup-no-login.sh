# Takes the login of the user that the application runs as away: its shell, and the keys in a home that setup made, which
# the application could have written. Parameters: user, home.
IFS= read -r user
IFS= read -r home
usermod --shell /usr/sbin/nologin "$user"
as "$user" rm -f -- "$home/.ssh/authorized_keys" </dev/null
