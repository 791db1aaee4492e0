# Writes one file of root's in a folder of root's. Parameters: path, mode, check (none or sudoers), then the content.
# It is checked before it takes its place, and takes it in one rename. Until then it has a name that nobody reads, always
# the same: what a setup that was cut off left is taken away by the next.
IFS= read -r path
IFS= read -r mode
IFS= read -r check
open=$(rooted "${path%/*}") || fail "$open can be changed by others than root: nothing of root's is written below it"
new=${path%/*}/.${path##*/}.djdeploy
trap 'rm -f "$new"' EXIT
rm -f "$new"
(umask 077; cat >"$new")
chmod "$mode" "$new"
if [ "$check" = sudoers ]; then
  problem=$(visudo -cf "$new" 2>&1) || fail "visudo refuses it: $problem"
fi
sync "$new"
mv -f "$new" "$path"
