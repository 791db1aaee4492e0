# Takes the login of the user that the application runs as away: its shell, sshd's consent to any key (a key alone lets one
# forward ports, and starts the user's own systemd), and the keys in a home that setup made, which the application could
# have written. Parameters: user, home, file of sshd's configuration, then the content of that.
IFS= read -r user
IFS= read -r home
IFS= read -r file
usermod --shell /usr/sbin/nologin "$user"
as "$user" rm -f -- "$home/.ssh/authorized_keys" </dev/null
mkdir -p "${file%/*}"
cat >"$file.new"
chmod 644 "$file.new"
mv -f "$file.new" "$file"
sshd=$(command -v sshd) || exit 0
if ! said=$("$sshd" -t 2>&1); then
  rm -f "$file"
  fail "sshd refuses $file: $said"
fi
"$sshd" -T 2>/dev/null | grep -iqxF "denyusers $user" ||
  fail "sshd does not read $file: write Include ${file%/*}/*.conf at the top of /etc/ssh/sshd_config, and run setup again"
systemctl try-reload-or-restart ssh.service 2>/dev/null || systemctl try-reload-or-restart sshd.service 2>/dev/null || exit 0
# It closes its port and opens it anew, and systemd does not wait for that: nobody is to find it closed behind us.
port=$("$sshd" -T 2>/dev/null | sed -n 's/^port //p' | head -n 1)
sleep 0.5
left=50
until [ -n "$(ss -Hltn "sport = :${port:-22}")" ] || [ "$left" -eq 0 ]; do left=$((left - 1)); sleep 0.1; done
