import type { LabHost } from "../../lab/host.ts";
import { must } from "../hosts/support/older-layout.ts";
import type { Manager } from "../hosts/support/site.ts";

/** Whom the running user of `shop` attacks. */
export const victims = ["the neighbour", "root", "nginx", "the deploying user"] as const;
export type Victim = (typeof victims)[number];

/** What there is of a victim on the host. Files hold the mark, and so do its lines in logs and its environment. */
export interface Prey {
  user: string;
  mark: string;
  reads: string[];
  writes: string[];
  /** Where a file of a new name would be found. */
  folders: string[];
  sockets: string[];
  ports: number[];
  pids: number[];
  unit: string;
  /** What is read when it starts, logs in or is started; they need not be there. */
  starts: string[];
  /** What is read when packages are installed or programs of others are run for it. */
  hooks: string[];
}

const markOf = (victim: Victim) => `mark-of-${victim.replaceAll(" ", "-")}`;

/** Leaves marks of each victim on a host with the applications `shop` and `next`. */
export async function leaveMarks(host: LabHost, manager: Manager): Promise<void> {
  const [next, root, nginx, deployer] = victims.map(markOf);
  await must(
    host,
    `set -e
    echo ${root} >/root/secret; chmod 600 /root/secret
    mkdir -p /etc/ssl/private; echo ${nginx} >/etc/ssl/private/site.key; chmod 600 /etc/ssl/private/site.key
    echo ${nginx} >>/var/log/nginx/error.log; echo ${nginx} >>/var/log/nginx/next.access.log
    runuser -u next -- sh -c 'cd /srv/next; umask 022
      for file in shared/db.sqlite3 shared/media/theirs.txt shared/logs/app.log shared/home/.bashrc; do echo ${next} >$file; done'
    runuser -u next_deploy -- sh -c 'cd /srv/next; umask 027; for file in env/1.json releases/1/code.py; do echo ${next} >$file; done'
    runuser -u shop_deploy -- sh -c 'cd /srv/shop; umask 077
      for file in env/store.json home/secret .djdeploy/lock; do echo ${deployer} >$file; done
      umask 027; echo deployed >env/1.json; echo code >releases/1/code.py'
    systemd-run -q --unit=agent --uid=shop_deploy --setenv=MARK=${deployer} python3 -c 'import time; time.sleep(1e6)'
    systemd-run -q --unit=port --uid=next --setenv=MARK=${next} python3 -m http.server -d /var/empty -b 127.0.0.1 8123
    runuser -u shop_deploy -- logger ${deployer}; runuser -u www-data -- logger ${nginx}; logger ${root}
    for one in next:${next} root:${root} www-data:${nginx} shop_deploy:${deployer}; do
      for folder in /tmp /var/tmp; do
        runuser -u \${one%%:*} -- sh -c "umask 022; echo \${one#*:} >$folder/of-\${one%%:*}"
        runuser -u \${one%%:*} -- sh -c "umask 077; echo \${one#*:} >$folder/private-of-\${one%%:*}"
      done
    done`,
  );
  await must(host, `curl -sS -o /dev/null -H 'Host: next.example.com' http://127.0.0.1/${next}`);
  if (manager === "systemd") await must(host, "journalctl --sync");
}

/** What there is to attack. */
export async function preyOf(host: LabHost, manager: Manager): Promise<Record<Victim, Prey>> {
  const pids = async (command: string) =>
    (await must(host, command)).split(/\s+/).filter(Boolean).map(Number);
  const server =
    manager === "systemd"
      ? "systemctl show -p MainPID --value next-web@blue"
      : "supervisorctl pid next-web-blue";
  const python = (
    await must(host, "python3 -c 'import sys; print(\"python%d.%d\" % sys.version_info[:2])'")
  ).trim();
  const managers =
    manager === "systemd" ? "/etc/systemd/system/shop-web@.service" : "/etc/supervisor/conf.d/shop-web.conf";
  const below = (folder: string, names: string) => names.split(" ").map((name) => `${folder}/${name}`);
  const home =
    ".bashrc .profile .bash_profile .ssh/authorized_keys .ssh/rc .pam_environment .config/systemd/user/x.service";
  const user = (folder: string) =>
    below(folder, `.local/lib/${python}/site-packages/usercustomize.py .config/pip/pip.conf`);
  return {
    "the neighbour": {
      user: "next",
      mark: markOf("the neighbour"),
      reads: [
        ...below(
          "/srv/next",
          "env/1.json shared/db.sqlite3 shared/logs/app.log releases/1/code.py public/media/theirs.txt",
        ),
        ...["/var/log/nginx/next.access.log", "/var/log/next/web-blue.log"],
      ],
      writes: below(
        "/srv/next",
        "env/1.json shared/db.sqlite3 releases/1/code.py public/media/theirs.txt owner.json",
      ),
      folders: [
        "/srv/next",
        ...below("/srv/next", "shared sockets work releases slots run public/media public/static env"),
      ],
      sockets: below("/srv/next", "sockets/blue.sock run/blue.sock run/web.sock"),
      ports: [8123],
      pids: await pids(`${server}; systemctl show -p MainPID --value port`),
      unit: manager === "systemd" ? "next-web@blue.service" : "port.service",
      starts: [
        ...below("/srv/next/shared/home", home),
        ...["/etc/systemd/system/next-web@.service.d/x.conf", "/etc/supervisor/conf.d/x.conf"],
        ...["/srv/next/slots/blue/.djdeploy/launch", "/srv/next/run/green.boot"],
      ],
      hooks: [
        ...user("/srv/next/shared/home"),
        ...below("/srv/next", "venvs/x.pth releases/1/sitecustomize.py bin/x"),
      ],
    },
    root: {
      user: "root",
      mark: markOf("root"),
      reads: ["/root/secret", "/etc/shadow", "/etc/sudoers.d/djdeploy-shop", "/etc/ssh/ssh_host_ed25519_key"],
      writes: ["/srv/shop/owner.json", "/etc/passwd", "/usr/local/lib/djdeploy/shop-as", managers],
      folders: [
        "/root",
        "/srv",
        "/srv/shop",
        "/etc",
        "/usr/local/lib/djdeploy",
        "/usr/local/bin",
        "/var/log",
        "/run",
      ],
      sockets: ["/run/systemd/private", "/run/supervisor.sock", "/var/run/supervisor.sock"],
      ports: [22],
      pids: [1, ...(await pids("pgrep -o sshd; systemctl show -p MainPID --value cron"))],
      unit: "cron.service",
      starts: [
        ...below("/root", home),
        ...below(
          "/etc",
          "profile.d/x.sh environment ld.so.preload systemd/system/x.service supervisor/conf.d/x.conf rc.local",
        ),
        ...["/usr/local/bin/systemctl", "/usr/local/sbin/nginx", "/etc/logrotate.d/x"],
      ],
      hooks: [
        ...below("/etc", "apt/apt.conf.d/99x dpkg/dpkg.cfg.d/x kernel/postinst.d/x pip.conf"),
        ...below("/var", "lib/dpkg/info/nginx.postinst cache/apt/archives/x.deb lib/apt/lists/x"),
        ...[`/usr/local/lib/${python}/dist-packages/x.pth`, "/usr/lib/python3/dist-packages/x.pth"],
      ],
    },
    nginx: {
      user: "www-data",
      mark: markOf("nginx"),
      reads: ["/etc/ssl/private/site.key", "/var/log/nginx/error.log", "/var/log/nginx/next.access.log"],
      writes: ["/etc/nginx/nginx.conf", "/etc/nginx/sites-available/shop", "/var/log/nginx/shop.access.log"],
      folders: [
        "/etc/nginx/conf.d",
        "/etc/nginx/sites-enabled",
        "/var/lib/nginx",
        "/var/www/html",
        "/var/log/nginx",
      ],
      sockets: [],
      ports: [80],
      pids: await pids("pgrep nginx"),
      unit: "nginx.service",
      starts: [
        ...["/etc/nginx/modules-enabled/x.conf", "/etc/default/nginx", "/var/www/.profile"],
        ...["/etc/systemd/system/nginx.service.d/x.conf", "/etc/logrotate.d/nginx"],
      ],
      hooks: [
        "/etc/nginx/conf.d/x.conf",
        "/usr/lib/nginx/modules/x.so",
        "/usr/share/nginx/modules-available/x.conf",
      ],
    },
    "the deploying user": {
      user: "shop_deploy",
      mark: markOf("the deploying user"),
      reads: below("/srv/shop", "env/store.json home/secret .djdeploy/lock home/.ssh/authorized_keys"),
      writes: below(
        "/srv/shop",
        "env/1.json env/store.json releases/1/code.py releases/1/.djdeploy/launch run/blue.boot",
      ),
      folders: below(
        "/srv/shop",
        "releases venvs slots env run bin .djdeploy home home/.ssh public/static public",
      ),
      sockets: [],
      ports: [],
      pids: await pids("systemctl show -p MainPID --value agent"),
      unit: "agent.service",
      starts: [
        ...below("/srv/shop/home", home),
        ...below("/srv/shop", "slots/blue/.djdeploy/launch run/green.boot bin/x"),
      ],
      hooks: [
        ...user("/srv/shop/home"),
        ...below("/srv/shop", "venvs/x.pth releases/1/sitecustomize.py home/.cache/pip/x"),
      ],
    },
  };
}
