# Tries, as the user that deploys, what a deploy needs. Parameters: that user, the one that it runs as (the same with
# scope: user), folder of the application, where sshd looks for the first one's keys, the program by which it starts
# something as the other ("-": none), the places outside that folder where files are kept (with spaces between), then the
# commands that sudo must allow as root, one a line. Prints one problem a line.
IFS= read -r deployer
IFS= read -r user
IFS= read -r path
IFS= read -r keys
IFS= read -r program
IFS= read -r targets
cd /
writes() { as "$1" test -w "$path/$2" || echo "$1 can not write $path/$2"; }
for folder in releases venvs env slots run .djdeploy; do writes "$deployer" "$folder"; done
writes "$user" shared
for target in $targets; do
  # A deploy makes one that is not there, where it may.
  if [ -e "$target" ] || as "$deployer" test -w "${target%/*}"; then continue; fi
  echo "$target, where shared: leads to, is not there: install -d -o $user -g $(id -gn "$user") $target"
done
case $(getent passwd "$deployer" | cut -d: -f7) in
  */nologin | */false) echo "$deployer has a shell that lets nobody in: usermod -s /bin/sh $deployer" ;;
esac
if [ "$program" != - ]; then
  grep -Eq '^[#@]includedir[[:space:]]+/etc/sudoers\.d/?[[:space:]]*$' /etc/sudoers ||
    echo "sudo does not read /etc/sudoers.d, where its rules for $deployer lie: write to /etc/sudoers, as its last line: @includedir /etc/sudoers.d"
  for folder in home public/static; do writes "$deployer" "$folder"; done
  for folder in work sockets public/media; do writes "$user" "$folder"; done
  for folder in releases venvs env slots run; do
    as "$user" test -r "$path/$folder" -a -x "$path/$folder" || echo "$user can not read $path/$folder"
  done
  if ! freely "$deployer" sudo -n -l -u "$user" "$program" </dev/null >/dev/null 2>&1; then
    echo "sudo does not let $deployer run $program as $user: does a rule of /etc/sudoers forbid that (runas), or is a later one in the way?"
  elif ! said=$(freely "$deployer" sudo -n -u "$user" "$program" true 2>&1 </dev/null); then
    echo "sudo allows $deployer to run $program as $user, and it does not start: $said" | head -n 1
  fi
fi
as "$deployer" python3 -c 'import ensurepip, venv' 2>/dev/null ||
  echo "python3 -m venv does not work: the package python3-venv does not fit python3"
as "$deployer" test -r "$keys" || echo "$deployer can not read $keys"
while IFS= read -r command; do
  # shellcheck disable=SC2086
  freely "$deployer" sudo -n -l $command </dev/null >/dev/null 2>&1 || echo "sudo does not let $deployer run: $command"
done
