# Makes folders, each from five parameters: path, owner, group, mode, who makes it (root, or the owner where others
# could put a link in the way). Owner and mode are set on the folder that was really entered, never through a link.
folder() {
  if [ ! -e "$path" ]; then
    if [ "$maker" = "$ME" ]; then mkdir -p "$path"; else runuser -u "$maker" -- mkdir "$path"; fi
  fi
  cd -P "${path%/*}/" || exit
  parent=$(pwd -P)
  cd -P "./${path##*/}" || fail "$path is no folder"
  [ "$(pwd -P)" = "${parent%/}/${path##*/}" ] || fail "$path is a link, a folder was expected"
  seen=$(stat -c %U .)
  if [ "$seen" != "$owner" ] && [ "$maker $seen" != "root root" ]; then
    fail "$path belongs to $seen, $owner was expected"
  fi
  chown "$owner:$group" .
  chmod "$mode" .
  cd /
}
while IFS= read -r path; do
  IFS= read -r owner
  IFS= read -r group
  IFS= read -r mode
  IFS= read -r maker
  folder
done
