import { plainLayer } from "../plain-host.ts";
import type { Contestant } from "./types.ts";

/** The same acts as ours and nothing more: no proof, no lock, no way back. */
const deploy = `set -eu
cd /srv/shop
new=$(date +%Y%m%d%H%M%S%N)
mkdir -p releases/$new shared slots
tar -x -C releases/$new
ln -s ../../shared/db.sqlite3 releases/$new/db.sqlite3
set -a; . /etc/shop.env; set +a
cd releases/$new
/srv/shop/venv/bin/python manage.py check --deploy
/srv/shop/venv/bin/python manage.py collectstatic --noinput
/srv/shop/venv/bin/python manage.py migrate --noinput
cd /srv/shop
old=$(readlink run/web.sock) || old=green.sock
case $old in blue.sock) slot=green;; *) slot=blue;; esac
ln -sfn ../releases/$new slots/$slot
sudo systemctl start shop@$slot
ask() { curl -fsS -o /dev/null -H 'Host: shop.example.com' -H 'X-Forwarded-Proto: https' "$@"; }
n=0
until ask --unix-socket run/$slot.sock http://localhost/; do
  n=$((n + 1)); [ $n -lt 200 ]; sleep 0.05
done
ln -sfn $slot.sock run/next && mv -T run/next run/web.sock
ln -sfn releases/$new next && mv -T next current
ask http://localhost/
sudo systemctl stop shop@\${old%.sock}
ls -d releases/* | head -n -6 | xargs -r rm -rf
`;

/** One session: the files by tar over standard input, then everything in one script. */
export const session: Contestant = {
  id: "b",
  name: "one ssh session by hand",
  does: "`git archive HEAD | ssh`: untar, `check --deploy`, collectstatic, migrate, start the idle slot's unit, probe over HTTP, rename the link, stop the old unit, remove old releases; dependencies are not looked at, nothing is proven, nothing is undone",
  compared: true,
  ground: "session",
  missing: () => null,
  layer: plainLayer,
  async start(place, project) {
    const line = 'git archive --format=tar HEAD | ssh -F "$1" web1 "$2"';
    return {
      async deploy() {
        await place.run("sh", ["-c", line, "sh", place.sshConfig, deploy], { cwd: project.folder });
        return {};
      },
    };
  },
};
