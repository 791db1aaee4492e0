import { createHash } from "node:crypto";
import { savedLayer } from "../../lab/layer.ts";
import { newKey, type ReadyLayer } from "./place.ts";
import { projectFiles, secretKey } from "./project-files.ts";

/** What an administrator sets up once for a site that is deployed by other means: packages, user, nginx, units. */
const prepare = String.raw`
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get -q -y install --no-install-recommends \
  nginx-light python3-venv python3-setuptools git rsync curl acl >/dev/null
adduser --quiet --disabled-password --gecos "" shop
install -d -o shop -g shop /srv/shop /srv/shop/run /srv/shop/shared /home/shop/.ssh
chown shop: /home/shop/.ssh; chmod 700 /home/shop/.ssh
printf '%s' "$PUBLIC" >/home/shop/.ssh/authorized_keys; chown shop: /home/shop/.ssh/authorized_keys
printf 'SECRET_KEY=%s\nDJANGO_SETTINGS_MODULE=shop.production\n' "$SECRET_KEY" >/etc/shop.env
chmod 640 /etc/shop.env; chgrp shop /etc/shop.env
echo 'shop ALL=(root) NOPASSWD: ALL' >/etc/sudoers.d/shop
su shop -c 'python3 -m venv /srv/shop/venv'
printf '%s' "$REQUIREMENTS" >/tmp/requirements.txt
su shop -c '/srv/shop/venv/bin/pip install -q --disable-pip-version-check -r /tmp/requirements.txt'
service() {
  cat <<UNIT
[Unit]
After=network.target
[Service]
Type=notify
User=shop
WorkingDirectory=$1
EnvironmentFile=/etc/shop.env
ExecStart=/srv/shop/venv/bin/gunicorn --workers 3 --bind unix:/srv/shop/run/$2.sock shop.wsgi
KillMode=mixed
TimeoutStopSec=60
[Install]
WantedBy=multi-user.target
UNIT
}
service /srv/shop/current web >/etc/systemd/system/shop.service
service /srv/shop/slots/%i %i >/etc/systemd/system/shop@.service
systemctl daemon-reload
cat >/etc/nginx/sites-available/default <<'SITE'
server {
  listen 80 default_server;
  location /static/ { alias /srv/shop/current/staticfiles/; }
  location / {
    proxy_pass http://unix:/srv/shop/run/web.sock;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
  }
}
SITE
nginx -t -q
systemctl enable --quiet nginx
systemctl reload-or-restart nginx
`;

/** A host as the other contestants find it: everything is there but the code, which lies below /srv/shop. */
export function plainLayer(): Promise<ReadyLayer> {
  const requirements = projectFiles()["requirements.txt"] as string;
  const key = createHash("sha256").update("PEM").update(prepare).update(requirements).digest("hex");
  return savedLayer({ name: "bench-plain", base: "bookworm", key }, async (host) => {
    // Not ed25519: Ruby's SSH would need two more packages for that.
    const deploy = newKey("ecdsa");
    const given = { PUBLIC: deploy.public, SECRET_KEY: secretKey, REQUIREMENTS: requirements };
    const words = Object.entries(given).map(([name, value]) => `${name}='${value}'`);
    const done = await host.root(`${words.join("\n")}\n${prepare}`, { timeoutMs: 300_000 });
    if (done.code !== 0) throw new Error(`preparing a host: ${done.stdout}${done.stderr}`);
    return { key: deploy.key };
  });
}
