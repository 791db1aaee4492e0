# The start of every setup script. Parameters come as lines on standard input, after a line "--": sudo -S leaves the
# password there when it did not need it.
set -eu
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 022
while IFS= read -r line && [ "$line" != -- ]; do :; done
fail() { echo "$*" >&2; exit 1; }
ME=$(id -un) UNITS=/etc/systemd/system
# As another user: with no right to gain more by a program that has some, nothing of our environment, and for a bounded time
# ($SECONDS_OF, else ten minutes), since that user can stop what is its own.
as() {
  if [ "$1" = "$ME" ]; then shift; "$@"; return; fi
  who=$1
  shift
  timeout -k 5 "${SECONDS_OF:-600}" setpriv --reuid "$who" --regid "$(id -g "$who")" --init-groups --no-new-privs --reset-env -- "$@"
}
# With that right: for sudo.
freely() { if [ "$1" = "$ME" ]; then shift; "$@"; else who=$1; shift; timeout -k 5 60 runuser -u "$who" -- "$@"; fi; }

# Whether each folder on the way to this one, itself included, belongs to root and only root can put something else in
# its place: what lies there may be named. Prints the first that does not. Links are followed where root made them.
# For a user's own setup every name is its own.
rooted() (
  [ "$ME" = root ] || exit 0
  [ "${2:-8}" -gt 0 ] || { echo "$1"; exit 1; }
  at=
  set -f
  IFS=/
  # shellcheck disable=SC2086
  set -- ${1#/} "${2:-8}"
  while [ $# -gt 1 ]; do
    part=$1
    shift
    [ -n "$part" ] || continue
    at=$at/$part
    if [ -L "$at" ]; then
      to=$(readlink "$at")
      case $to in /*) ;; *) to=${at%/*}/$to ;; esac
      for depth; do :; done
      rooted "$to" $((depth - 1)) || exit 1
    fi
    [ -e "$at" ] || exit 0
    seen=$(stat -Lc '%u %a %G' "$at")
    mode=${seen#* }
    mode=${mode%% *}
    case $seen in
      "0 "*) ;;
      *) echo "$at"; exit 1 ;;
    esac
    # Members of these groups are as good as root (/usr/local of an older Debian, /var/log of Ubuntu).
    case "$mode ${seen##* }" in
      *[2367]" "*) echo "$at"; exit 1 ;;
      *[2367]?" root" | *[2367]?" staff" | *[2367]?" adm" | *[2367]?" syslog") ;;
      *[2367]?" "*) echo "$at"; exit 1 ;;
    esac
  done
)

# Whether nginx has workers that are not in a group (by its number): they were started before it joined.
lacking() {
  for worker in $(pgrep -x nginx -u www-data || :); do
    if grep -s '^Groups:' "/proc/$worker/status" | grep -qvw "$1"; then return 0; fi
  done
  return 1
}

# Without root it is the user's own systemd that is meant.
if [ "$ME" != root ]; then
  UNITS=$HOME/.config/systemd/user XDG_RUNTIME_DIR=/run/user/$(id -u)
  systemctl() { command systemctl --user "$@"; }
fi
export ME UNITS XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-}"
