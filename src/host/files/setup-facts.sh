# Prints what setup has to know of a host: one record a line, fields separated by tabs, contents in base64.
# Parameters, to the end of the input: "package NAME", "path PATH", "user NAME", "unit NAME", "program NAME", "uv PATH",
# "acl FOLDER", "way FOLDER", "group NAME", "real PATH", "certificate CERTIFICATE KEY NAME PORT".

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# Root reads only what lies in a folder of root's. What lies in a folder that somebody else can change is read as that
# user, who could put a link in the way only to what it may read itself; what that says is believed of this path alone.
# Of a folder some of the names are enough: one of uploads may have any number.
path_record() {
  if open=$(rooted "${1%/*}"); then look "$1"; return; fi
  who=$(stat -c %U "$open")
  if [ "$who" = root ] || [ "$who" = UNKNOWN ]; then record path "$1" other; return; fi
  # Into a file: what that user leaves running could hold a pipe open for ever.
  # shellcheck disable=SC2016
  (ulimit -f 1000; SECONDS_OF=20 as "$who" sh -c "$LOOK"'
    look "$1"' look "$1" </dev/null >"$answer" 2>/dev/null) || :
  seen=$(head -c 400000 "$answer" | tr -d '\000' | head -n 1)
  case $seen in "path	$1	"*) printf '%s\n' "$seen" ;; esac
}

LOOK=$(cat <<'TEXT'
set -eu
record() { printf '%s' "$1"; shift; for field; do printf '\t%s' "$field"; done; echo; }
content() { if [ "$(stat -Lc %s "$1")" -le 262144 ]; then base64 -w0 <"$1"; fi; }
look() {
  if [ -L "$1" ]; then record path "$1" link '' '' '' "$(readlink "$1" | base64 -w0)"
  elif [ -d "$1" ]; then record path "$1" folder "$(stat -c '%a %U %G' "$1" | tr ' ' '\t')" "$(ls -AU "$1" | head -n 50 | base64 -w0)"
  elif [ -f "$1" ]; then record path "$1" file "$(stat -c '%a %U %G' "$1" | tr ' ' '\t')" "$(content "$1")"
  elif [ -e "$1" ]; then record path "$1" other
  fi
}
TEXT
)
eval "$LOOK"

user_record() {
  entry=$(getent passwd "$1") || return 0
  home=$(echo "$entry" | cut -d: -f6)
  # A home that setup made, in an application's folder that was moved since: no link in it that is a user's is followed.
  for below in /shared/home /home; do
    case $home in /*"$below") home=$(readlink -m "${home%"$below"}")$below; break ;; esac
  done
  record user "$1" "$(echo "$entry" | cut -d: -f3)" "$home" "$(id -Gn "$1")" "$(echo "$entry" | cut -d: -f7)"
  group_record "$(id -gn "$1")"
  path_record "$home/.ssh/authorized_keys"
}

group_record() {
  entry=$(getent group "$1") || return 0
  gid=$(echo "$entry" | cut -d: -f3)
  stale=
  if lacking "$gid"; then stale=yes; fi
  record group "$1" "$(echo "$entry" | cut -d: -f4)" "$(getent passwd | awk -F: -v gid="$gid" '$4 == gid { print $1 }' | paste -sd, -)" "$stale"
}

acl() {
  python3 -I -c '
import base64, os, sys
try:
    print(base64.b64encode(os.getxattr(sys.argv[1], "system.posix_acl_access")).decode())
except OSError:
    pass' "$1" 2>/dev/null || :
}

nginx_records() {
  [ -x /usr/sbin/nginx ] || return 0
  record nginx "$(content /etc/nginx/nginx.conf 2>/dev/null)"
  default=/etc/nginx/sites-available/default
  if [ -e /etc/nginx/sites-enabled/default ] && [ -f "$default" ]; then
    packaged=$(dpkg-query -W -f '${Conffiles}\n' nginx-common 2>/dev/null | grep -F " $default " | cut -d' ' -f3)
    if [ "$packaged" = "$(md5sum "$default" | cut -d' ' -f1)" ]; then record pristine "$default"; fi
  fi
  for site in /etc/nginx/sites-enabled/* /etc/nginx/conf.d/*.conf; do
    if [ -f "$site" ]; then record site "$site" "$(readlink -f "$site")" "$(content "$site")"; fi
  done
}

# A certificate, the public half of its key, who may read that, and what nginx shows for the name. Of the key itself
# nothing leaves the host.
certificate_record() {
  for file in "$1" "$2"; do
    real=$(readlink -f "$file") || real=
    if [ ! -f "${real:-/}" ]; then record certificate missing "$file"; return; fi
    if open=$(rooted "${file%/*}") && open=$(rooted "${real%/*}"); then continue; fi
    record certificate open "$file" "$open"
    return
  done
  public=$(timeout 20 openssl pkey -in "$2" -pubout -passin pass: 2>/dev/null </dev/null | base64 -w0) || public=
  shown=$(timeout 20 openssl s_client -connect "127.0.0.1:$4" -servername "$3" 2>/dev/null </dev/null | openssl x509 2>/dev/null | base64 -w0) || shown=
  record certificate read "$(content "$1")" "$public" "$(stat -Lc '%a %U:%G' "$2")" "$shown"
}

(. /etc/os-release; record os "$ID" "${VERSION_ID:-}" "${PRETTY_NAME:-$ID}")
if [ -d /run/systemd/system ]; then record systemd; fi
if [ -e /proc/net/if_inet6 ]; then record ipv6; fi
came=${SUDO_USER:-$ME}
login=$(getent passwd "$came" | cut -d: -f6)/.ssh/authorized_keys
record login "$(SECONDS_OF=20 as "$came" head -c 262144 "$login" </dev/null 2>/dev/null | base64 -w0)"
nginx_records
while read -r kind name; do
  case $kind in
    package) if [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ]; then record package "$name"; fi ;;
    path) path_record "$name" ;;
    user) user_record "$name" ;;
    acl) record acl "$name" "$(acl "$name")" ;;
    group) group_record "$name" ;;
    real) record real "$name" "$(readlink -m "$name")" ;;
    way) if open=$(rooted "$name"); then record way "$name"; else record way "$name" "$open" "$(stat -Lc %U "$open")"; fi ;;
    unit)
      record unit "$name" "$(systemctl is-enabled "$name" 2>/dev/null || :)" \
        "$(systemctl show -p NeedDaemonReload --value "$name" 2>/dev/null || :)" \
        "$(systemctl is-active "$name" 2>/dev/null || :)"
      ;;
    program)
      if supervisorctl -c /etc/supervisor/supervisord.conf pid "$name" 2>/dev/null | grep -Eq '^[0-9]+$'; then
        record program "$name"
      fi
      ;;
    certificate)
      # shellcheck disable=SC2086 # plain paths and a name
      certificate_record $name
      ;;
    uv) if version=$("$name" --version 2>/dev/null); then record uv "$name" "$version"; fi ;;
  esac
done
