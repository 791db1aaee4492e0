# Removes a file as the user it belongs to. Parameters: user, path.
IFS= read -r user
IFS= read -r path
as "$user" rm -f -- "$path" </dev/null
