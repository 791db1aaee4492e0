# Tries, as the user that deploys, what a deploy needs. Parameters: user, folder of the application, where sshd looks
# for the user's keys, then the commands that sudo must allow, one a line. Prints one problem a line.
IFS= read -r user
IFS= read -r path
IFS= read -r keys
cd /
for folder in releases venvs shared env slots run .djdeploy public/static public/media; do
  case $folder in public/*) [ -d "$path/public" ] || continue ;; esac
  as "$user" test -w "$path/$folder" || echo "$user can not write $path/$folder"
done
as "$user" python3 -c 'import ensurepip, venv' 2>/dev/null ||
  echo "python3 -m venv does not work: the package python3-venv does not fit python3"
as "$user" test -r "$keys" || echo "$user can not read $keys"
while IFS= read -r command; do
  # shellcheck disable=SC2086
  as "$user" sudo -n -l $command </dev/null >/dev/null 2>&1 || echo "sudo does not let $user run: $command"
done
