import { plainLayer } from "../plain-host.ts";
import { needs } from "./needs.ts";
import type { Contestant } from "./types.ts";

/** What most how-tos say: one command after the other, the site is down meanwhile. */
export const classic: Contestant = {
  id: "c",
  name: "the classic sequence",
  does: "an ssh command each: stop, rsync, `pip install`, migrate, collectstatic, start; nobody looks whether it serves",
  compared: true,
  ground: "classic",
  missing: () => needs("rsync"),
  layer: plainLayer,
  async start(place, project) {
    await place.root("install -d -o shop -g shop /srv/shop/app && ln -sfn app /srv/shop/current");
    const ssh = (command: string) => place.run("ssh", ["-F", place.sshConfig, "web1", command]);
    const manage = (words: string) =>
      ssh(
        `cd /srv/shop/app && set -a && . /etc/shop.env && set +a && ../venv/bin/python manage.py ${words} --noinput`,
      );
    const kept = [".git", "db.sqlite3", "staticfiles", "__pycache__"];
    const copy = ["-az", "--delete", ...kept.map((name) => `--exclude=${name}`)];
    return {
      async deploy() {
        await ssh("sudo systemctl stop shop");
        await place.run("rsync", [
          ...copy,
          ...["-e", `ssh -F ${place.sshConfig}`],
          ...[`${project.folder}/`, "web1:/srv/shop/app/"],
        ]);
        await ssh("/srv/shop/venv/bin/pip install -r /srv/shop/app/requirements.txt");
        await manage("migrate");
        await manage("collectstatic");
        await ssh("sudo systemctl start shop");
        return {};
      },
    };
  },
};
