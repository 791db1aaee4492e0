import { expect } from "vitest";
import { must } from "../hosts/support/older-layout.ts";
import { runSetup } from "../support/setup.ts";
import type { Attacked } from "./host.ts";
import type { Prey, Victim } from "./victims.ts";

/** Names in everything that the running user writes: a link, a folder, a link, a file, in turn. */
const swapping = `
import os, subprocess, sys
loop = '''
import os, sys, time
targets = sys.argv[1:]
# With the first three of them setup goes no further than to say so: they come in every other second only.
folders = ["shared/logs", "shared/home", "shared/media"]
inside = ["shared/db", "work/x", "sockets/blue.sock.x", "sockets/green.sock", "public/media/x", "shared/home/.ssh", "shared/static"]
end = time.time() + 90
turn = 0


def tried(act, *args):
    try:
        act(*args)
    except OSError:
        pass


def away(path):
    if os.path.isdir(path) and not os.path.islink(path):
        try:
            os.rmdir(path)
        except OSError:
            os.rename(path, "%s.was%d" % (path, turn))


def put(path, make):
    spare = path + ".spare"
    tried(os.unlink, spare)
    tried(os.rmdir, spare)
    make(spare)
    away(path)
    if os.path.isdir(spare) and not os.path.islink(spare):
        tried(os.unlink, path)
    os.rename(spare, path)


while time.time() < end and not os.path.exists("/srv/shop/shared/stop"):
    turn += 1
    target = targets[turn // 4 % len(targets)]
    make = [lambda path: os.symlink(target, path), os.mkdir, lambda path: os.symlink(target, path), lambda path: open(path, "w").close()]
    troubled = int(time.time()) % 6 < 2
    for name in inside + (folders if troubled else []):
        tried(put, "/srv/shop/" + name, make[turn % 4])
    for name in [] if troubled else folders[:2]:
        path = "/srv/shop/" + name
        if os.path.islink(path) or not os.path.isdir(path):
            tried(os.unlink, path)
            tried(os.mkdir, path, 0o750)
'''
subprocess.Popen([sys.executable, "-c", loop, *TARGETS], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print("begun")
`;

/** What root does while links are exchanged under it. Gives, for each victim, what went wrong: nothing, or sentences. */
export async function swapped(
  attacked: Attacked,
  prey: Record<Victim, Prey>,
): Promise<Record<Victim, string>> {
  const { host, shop } = attacked;
  const targets = Object.values(prey).flatMap(({ reads, folders }) => [...reads, ...folders.slice(0, 3)]);
  const state = async (one: Prey) =>
    (
      await host.root(
        `for path in ${[...one.reads, ...one.folders].join(" ")}; do stat -c '%n %U %G %a' $path; done
        for path in ${one.reads.filter((path) => !path.startsWith("/var/log/")).join(" ")}; do md5sum $path; done`,
      )
    ).stdout;
  const before = new Map<Victim, string>();
  for (const [victim, one] of Object.entries(prey)) before.set(victim as Victim, await state(one));
  await attacked.inside(`TARGETS = ${JSON.stringify(targets)}\n${swapping}`);
  // Each time it has something to mend in every folder, and every file to write anew.
  const spoil = `cd /srv/shop; chmod 700 work sockets public/media; rm -f home/.ssh/authorized_keys /etc/ssh/sshd_config.d/djdeploy-shop.conf
    rm -f /usr/local/lib/djdeploy/shop-* current; sed -i 's/"setup": "[^"]*"/"setup": "0123456789abcdef"/' owner.json`;
  let whole = 0;
  for (let turn = 0; turn < 12 && (turn < 5 || whole < 2); turn++) {
    await must(host, spoil);
    if ((await runSetup(host, shop)).error === null) whole++;
    await host.root("systemctl reload nginx; logrotate -f /etc/logrotate.conf; systemd-tmpfiles --create");
  }
  await must(host, "runuser -u shop -- touch /srv/shop/shared/stop");
  expect(whole, "setup never came to its end").toBeGreaterThan(0);
  const seen = {} as Record<Victim, string>;
  for (const [victim, one] of Object.entries(prey)) {
    const changed = (await state(one)) === before.get(victim as Victim) ? "" : "its files were changed";
    const marked = await host.root(
      `runuser -u shop -- grep -rsl --devices=skip -e ${one.mark} /srv/shop/shared /srv/shop/work /srv/shop/public/media`,
    );
    seen[victim as Victim] = [changed, marked.stdout.trim()].filter(Boolean).join("; ");
  }
  return seen;
}
