# Gets a certificate, or leaves everything as it is. Parameters: application, folder of the challenges, directory of the
# authority ("-": Let's Encrypt's), staging (yes or no), e-mail address ("-": none), whether to ask although there is one
# that lasts (yes or no), then the names, one a line.
IFS= read -r app
IFS= read -r folder
IFS= read -r server
IFS= read -r staging
IFS= read -r email
IFS= read -r anew
rm -f "$folder/.well-known/acme-challenge/djdeploy"
names=
while IFS= read -r name; do names="$names -d $name"; done
set -- certonly --non-interactive --agree-tos --webroot --webroot-path "$folder" --cert-name "$app" --renew-with-new-domains \
  --deploy-hook 'systemctl reload nginx'
if [ "$email" = - ]; then set -- "$@" --register-unsafely-without-email; else set -- "$@" --email "$email"; fi
if [ "$server" != - ]; then set -- "$@" --server "$server"; elif [ "$staging" = yes ]; then set -- "$@" --staging; fi
if [ "$anew" = yes ]; then set -- "$@" --force-renewal; else set -- "$@" --keep-until-expiring; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Its timer may be at work: that is waited for, at most five minutes.
left=30
# shellcheck disable=SC2086 # names have no spaces
until timeout -k 10 600 certbot "$@" $names >"$work/said" 2>&1 </dev/null; do
  left=$((left - 1))
  if [ "$left" -gt 0 ] && grep -q 'Another instance of Certbot' "$work/said"; then sleep 10; continue; fi
  cat "$work/said" >&2
  # certbot 2.1 stumbles over some refusals (AttributeError) and names them in its log alone.
  grep -ah 'urn:ietf:params:acme:error' /var/log/letsencrypt/letsencrypt.log 2>/dev/null | tail -n 3 | cut -c 1-1000 >&2 || :
  fail "certbot got no certificate for$(echo "$names" | sed 's/ -d / /g'); the site stays on what it had"
done
systemctl -q enable --now certbot.timer 2>/dev/null || :
