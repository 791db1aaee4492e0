# Makes the group of one application whose members may enter its sockets and what is public, and lets nginx's user join.
# nginx's workers are started anew without a lost request, and are waited for: until then they can not enter. Parameters:
# group, user of nginx.
IFS= read -r group
IFS= read -r web
getent group "$group" >/dev/null || groupadd --system "$group"
getent passwd "$web" >/dev/null || exit 0
usermod -a -G "$group" "$web"
gid=$(getent group "$group" | cut -d: -f3)
lacking "$gid" || exit 0
systemctl -q is-active nginx || exit 0
nginx -t >/dev/null 2>&1 || fail "nginx -t failed: mend nginx's configuration first, so that it can be told of its new group"
systemctl reload nginx
# Workers that still answer somebody may stay for long: after a while the others are enough.
left=100
while lacking "$gid" && [ "$left" -gt 0 ]; do
  left=$((left - 1))
  sleep 0.1
done
