# Installs the packages named on the lines of the input. Nothing that is installed is upgraded.
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 APT_LISTCHANGES_FRONTEND=none
set --
while IFS= read -r name; do set -- "$@" "$name"; done
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# unattended-upgrades may be at work: wait for its locks, at most ten minutes.
patiently() {
  left=120
  until "$@" >"$log" 2>&1; do
    left=$((left - 1))
    if [ "$left" -eq 0 ] || ! grep -q 'Could not get lock' "$log"; then return 1; fi
    sleep 5
  done
}
failed() { tail -n 20 "$log" >&2; fail "apt-get $1 failed: $(grep -m1 '^E:' "$log")"; }
update() { patiently apt-get -q update || { failed update; }; }
install() {
  patiently apt-get -q -y --no-install-recommends --no-upgrade -o DPkg::Lock::Timeout=600 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install -- "$@" </dev/null
}

# Package lists younger than a day are good enough, unless they name something that is gone.
if [ -z "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -ctime -1 2>/dev/null | head -n1)" ]; then update; fi
install "$@" || { update; install "$@"; } || failed install
