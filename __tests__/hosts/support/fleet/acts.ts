import { waitFor } from "../../../../lab/wait.ts";
import { page } from "../page.ts";
import type { Fault } from "./fault.ts";
import type { Fleet, Name } from "./fleet.ts";

// What is done to a host, on it, as root, and how it is put right again.

type Act = NonNullable<Fault["act"]>;
type Simple = NonNullable<Fault["mend"]>;

const on =
  (command: string): Simple =>
  (fleet, name) =>
    fleet.root(name, command);

/** A folder in which its owner may not write any more. */
export const readOnly = (folder: string) => ({
  act: on(`chmod a-w ${folder}`),
  mend: on(`chmod u+w ${folder}`),
});

/** The folder that the newest release's manifest and start file lie in. */
const newest = "/srv/shop/releases/$(ls /srv/shop/releases | tail -n 1)/.djdeploy";
export const readOnlyRelease = readOnly(newest);

/** The same, or all of the release, as soon as the run has made it: what it asked before is not done yet, maybe. */
const readOnlyNew = (folder: string) => ({
  act: on(`live=$(basename $(readlink -f /srv/shop/current))
    until new=$(ls /srv/shop/releases | tail -n 1); [ "$new" != "$live" ] && [ -d ${folder} ]; do sleep 0.01; done
    chmod a-w ${folder}`),
  mend: on(`chmod u+w ${folder}`),
});
export const readOnlyStart = readOnlyNew(newest);
export const readOnlyFiles = readOnlyNew(`${newest}/..`);

/** The deploy user may start and stop nothing any more. */
export const noRights = {
  act: on("mv /etc/sudoers.d/djdeploy-shop /root/sudoers"),
  mend: on("mv /root/sudoers /etc/sudoers.d/djdeploy-shop"),
};

export const nginxStopped = { act: on("systemctl stop nginx"), mend: on("systemctl start nginx") };

/** nginx leads past the link, to the slot that serves before the run: visitors get good pages of the old release. */
export const nginxToOld = {
  async act(fleet: Fleet, name: Name) {
    const where = async () => (await page(fleet.host(name).address, "/where/")).body;
    const slot = await fleet.root(name, "ls /srv/shop/slots | grep -E '^(blue|green)$'");
    const live = await fleet.slot(name);
    const old = slot.split("\n").find((one) => one !== live) ?? live;
    await fleet.root(
      name,
      `sed -i.kept 's|run/web.sock|sockets/${old}.sock|' ${site} && systemctl reload nginx`,
    );
    const folder = await fleet.root(name, `readlink -f /srv/shop/slots/${old}`);
    await waitFor(async () => (await where()).includes(folder), {
      timeoutMs: 10_000,
      what: "nginx to lead there",
    });
  },
  mend: on(
    `for file in /etc/nginx/sites-available/*.kept; do mv $file \${file%.kept}; done; systemctl reload nginx`,
  ),
};
const site = "$(grep -l run/web.sock /etc/nginx/sites-available/*)";

/** nginx leads to a socket that nobody serves. */
export const nginxToNobody = {
  async act(fleet: Fleet, name: Name) {
    await fleet.root(name, `sed -i.kept 's|run/web.sock|run/nobody.sock|' ${site} && systemctl reload nginx`);
    await waitFor(async () => (await page(fleet.host(name).address, "/where/")).status === 502, {
      timeoutMs: 10_000,
      what: "nginx to lead to nobody",
    });
  },
  mend: nginxToOld.mend,
};

/** A file system of its own for a folder, with room for `kilobytes` more. */
export const full = (folder: string, kilobytes: number) => ({
  act: on(`cd /srv/shop && rm -rf /root/kept && cp -a ${folder} /root/kept
    mount -t tmpfs -o size=400m,mode=755 tmpfs /srv/shop/${folder}
    cp -a /root/kept/. /srv/shop/${folder}/ && chown shop_deploy:shop /srv/shop/${folder}
    free=$(df -Pk /srv/shop/${folder} | awk 'NR == 2 { print $4 }')
    head -c $(((free - ${kilobytes}) * 1024)) /dev/zero >/srv/shop/${folder}/.filler`),
  mend: on(`umount -l /srv/shop/${folder}; rm -rf /root/kept`),
});

/** KILL to the program of a step, as the kernel does when memory is short. */
export const killStep = (step: string) =>
  on(`until file=$(find /srv/shop/.djdeploy/runs -name ${step}.pid -newer /run/gate/rule | grep .) &&
      program=$(pgrep -P "$(sed -n 's/.*"pid": \\([0-9]*\\).*/\\1/p' $file)"); do sleep 0.01; done
    kill -KILL $program`);

/** The session of sshd ends, and a new one is let in at once. */
export const cut: Act = (fleet, name, session) => fleet.root(name, `kill -KILL ${session}`);

/** The same, and nobody is let in any more; the site goes on. */
export const lockOut = {
  act: ((fleet, name, session) =>
    fleet.root(name, `systemctl stop ssh.socket ssh.service; kill -KILL ${session}`)) satisfies Act,
  mend: on("systemctl start ssh.service"),
};
export const noSshd = { act: on("systemctl stop ssh.socket ssh.service"), mend: lockOut.mend };

/** The host is gone with all its processes; it is started again when the run is over. */
export const crash = {
  act: ((fleet, name) => fleet.host(name).crash()) satisfies Simple,
  mend: ((fleet, name) => fleet.host(name).start()) satisfies Simple,
};

/** Another run holds the lock. */
export const otherRun = {
  act: on("setsid flock -F /srv/shop/.djdeploy/lock sleep 60 >/dev/null 2>&1 & echo $! >/root/other-run"),
  mend: on("kill $(cat /root/other-run)"),
};

/** The release that was just proven dies and does not start again. */
export const dies = {
  act: on(`mv ${newest}/launch ${newest}/launch.gone
    slot=$(basename $(readlink /srv/shop/run/web.sock) .sock)
    kill -KILL $(systemctl show -p MainPID --value shop-web@$slot)`),
};
