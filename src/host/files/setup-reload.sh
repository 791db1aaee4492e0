# Lets nginx read its certificates anew; no request is lost.
nginx -t >/dev/null 2>&1 || { nginx -t >&2 || :; fail "nginx -t failed; nginx goes on with what it had"; }
systemctl reload nginx
