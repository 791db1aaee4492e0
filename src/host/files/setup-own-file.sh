# Writes one file as the user it belongs to, who alone could put a link in its way; one that was begun and never put in
# its place is taken away. Parameters: user, path, mode, then
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
  new=${path%/*}/.${path##*/}.new
  rm -f "$new"
  set -C
  cat >"$new"
  chmod "$mode" "$new"
  sync "$new"
  mv -f "$new" "$path"
'
