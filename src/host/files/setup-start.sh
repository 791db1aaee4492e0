# The start of every setup script. Parameters come as lines on standard input, after a line "--": sudo -S leaves the
# password there when it did not need it.
set -eu
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 022
while IFS= read -r line && [ "$line" != -- ]; do :; done
fail() { echo "$*" >&2; exit 1; }
