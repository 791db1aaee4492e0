# Makes folders, each from five parameters: path, owner, group, mode, who may have owned it before besides (or "-").
# Where only root can put something else in the folder's place, root sees to it; elsewhere its owner does, who could put
# a link in the way, and gets no group then but its own.
folder() {
  # shellcheck disable=SC2016
  if ! rooted "${path%/*}" >/dev/null; then
    as "$owner" sh -c '
      set -eu
      if [ -L "$1" ]; then echo "$1 is a link, a folder was expected" >&2; exit 1; fi
      [ -d "$1" ] || mkdir "$1"
      chmod "$2" "$1"' folder "$path" "$mode" </dev/null || exit
    return
  fi
  # Only root makes links here: setup-media.sh did, and was cut off before it exchanged this one for the folder.
  if [ "$ME" = root ] && [ "${path##*/}" = media ] && [ "$(readlink "$path")" = ../public/media ]; then rm -f "$path"; fi
  if [ -L "$path" ]; then fail "$path is a link, a folder was expected"; fi
  [ -e "$path" ] || mkdir -p "$path"
  [ -d "$path" ] || fail "$path is no folder"
  seen=$(stat -c %U "$path")
  case $seen in
    "$owner" | root | "$before") ;;
    *) fail "$path belongs to $seen, $owner was expected" ;;
  esac
  # Who enters may come in by the old group or by the new mode: at no moment by neither.
  chmod "$mode" "$path"
  [ "$ME" != root ] || chown "$owner:$group" "$path"
  chmod "$mode" "$path"
}
while IFS= read -r path; do
  IFS= read -r owner
  IFS= read -r group
  IFS= read -r mode
  IFS= read -r before
  folder
done
