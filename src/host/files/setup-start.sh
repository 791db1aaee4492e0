# The start of every setup script. Parameters come as lines on standard input, after a line "--": sudo -S leaves the
# password there when it did not need it.
set -eu
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 022
while IFS= read -r line && [ "$line" != -- ]; do :; done
fail() { echo "$*" >&2; exit 1; }
ME=$(id -un) UNITS=/etc/systemd/system
as() { if [ "$1" = "$ME" ]; then shift; "$@"; else who=$1; shift; runuser -u "$who" -- "$@"; fi; }
# Without root it is the user's own systemd that is meant.
if [ "$ME" != root ]; then
  UNITS=$HOME/.config/systemd/user XDG_RUNTIME_DIR=/run/user/$(id -u)
  systemctl() { command systemctl --user "$@"; }
fi
export ME UNITS XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-}"
