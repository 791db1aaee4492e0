# Makes `current` in the application's folder root's own link to slots/current, which deploys move. What it named before
# the user that deploys writes there first, so that it names the same at every moment. Parameters: folder, user.
IFS= read -r site
IFS= read -r user
open=$(rooted "$site") || fail "$open can be changed by others than root"
link=$site/current
if [ -L "$link" ] && [ "$(readlink "$link")" != slots/current ]; then
  # shellcheck disable=SC2016
  as "$user" sh -c '
    set -eu
    [ -L "$1" ] || ln -s "../$2" "$1"' current "$site/slots/current" "$(readlink "$link")" </dev/null
elif [ -e "$link" ] && [ ! -L "$link" ]; then
  fail "$link is no link"
fi
new=$link.new
rm -f "$new"
ln -s slots/current "$new"
mv -fT "$new" "$link"
