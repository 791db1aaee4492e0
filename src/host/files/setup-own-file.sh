# Writes one file as the user it belongs to, who alone could put a link in its way. Parameters: user, path, mode, then
# the content. The folder is made if it is missing, for the user alone.
IFS= read -r user
cd /
# shellcheck disable=SC2016
as "$user" sh -c '
  set -eu
  umask 077
  IFS= read -r path
  IFS= read -r mode
  [ -d "${path%/*}" ] || mkdir "${path%/*}"
  new=$(mktemp "${path%/*}/.new.XXXXXX")
  cat >"$new"
  chmod "$mode" "$new"
  sync "$new"
  mv -f "$new" "$path"
'
