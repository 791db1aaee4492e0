# Puts an nginx site in place and loads it, or leaves everything as it was. Parameters: application, what becomes of
# the site that Debian brings (keep or drop), then the content.
IFS= read -r app
IFS= read -r default
file=/etc/nginx/sites-available/$app
link=/etc/nginx/sites-enabled/$app
debian=/etc/nginx/sites-enabled/default
[ -d /etc/nginx/sites-enabled ] || fail "nginx here has no /etc/nginx/sites-enabled: set nginx: print, and place the site by hand"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/new"
if [ -e "$file" ]; then cp -p "$file" "$work/file"; fi
if [ -L "$link" ]; then cp -P "$link" "$work/link"; fi
if [ -L "$debian" ]; then cp -P "$debian" "$work/default"; fi

restore() {
  rm -f "$file" "$link"
  if [ -e "$work/file" ]; then cp -p "$work/file" "$file"; fi
  if [ -L "$work/link" ]; then cp -P "$work/link" "$link"; fi
  if [ -L "$work/default" ] && [ ! -e "$debian" ]; then cp -P "$work/default" "$debian"; fi
}

# Who let certbot edit it may have written more into it.
if [ -e "$work/file" ] && grep -q 'managed by Certbot' "$work/file"; then cp -p "$work/file" "$file.before-setup"; fi
cp "$work/new" "$file"
chmod 644 "$file"
ln -sfn "../sites-available/$app" "$link"
# What visitors asked for is no neighbour's to read; nginx would make these files readable to everybody.
for log in access error; do
  log=/var/log/nginx/$app.$log.log
  if ! rooted "${log%/*}" >/dev/null || [ ! -d "${log%/*}" ]; then continue; fi
  [ -e "$log" ] || install -m 640 -o www-data -g adm /dev/null "$log"
  chmod o-rwx "$log"
done
if [ "$default" = drop ]; then rm -f "$debian"; fi

if ! nginx -t >"$work/test" 2>&1; then
  restore
  cat "$work/test" >&2
  nginx -t >/dev/null 2>&1 || fail "nginx -t failed, and it fails without this site too: mend nginx's configuration first"
  fail "nginx -t refuses the site; everything is as it was"
fi
if ! nginx -T 2>/dev/null | grep -qF "# configuration file $link:"; then
  restore
  fail "nginx.conf does not include /etc/nginx/sites-enabled/*: set nginx: print, and place the site by hand"
fi
systemctl -q enable nginx
if ! systemctl reload-or-restart nginx 2>"$work/test"; then
  restore
  cat "$work/test" >&2
  systemctl status --no-pager -n 10 nginx >&2 || :
  systemctl reload-or-restart nginx || :
  fail "nginx did not load the site; everything is as it was"
fi
