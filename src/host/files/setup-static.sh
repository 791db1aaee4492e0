# Puts the collected files of the releases that are there where nginx may enter, as the user that deploys: the trees of
# all releases with one, and the hashed files of older ones. Parameters: folder of the application, its user.
IFS= read -r site
IFS= read -r user
# shellcheck disable=SC2016
as "$user" sh -c '
  set -eu
  umask 022
  cd "$1/public/static"
  for release in "$1"/releases/*/; do
    release=${release%/}
    id=${release##*/}
    tree=$release/.djdeploy/static
    if [ ! -d "$tree/" ] || [ -e "$id" ]; then continue; fi
    rm -rf ".$id.new"
    cp -RLl "$tree/" ".$id.new" 2>/dev/null || { rm -rf ".$id.new"; cp -RL "$tree/" ".$id.new"; }
    mv -T ".$id.new" "$id"
  done
  if [ -d "$1/shared/static" ]; then
    mkdir -p hashed
    cp -Rlu "$1/shared/static/." hashed/ 2>/dev/null || cp -Ru "$1/shared/static/." hashed/
  fi
  live=$(readlink "$1/slots/current") || live=
  live=${live##*/}
  if [ -n "$live" ] && [ -d "$live" ]; then rm -f .live.new && ln -s "$live" .live.new && mv -fT .live.new live; fi
' static "$site" </dev/null
