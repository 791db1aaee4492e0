import { afterAll, beforeAll, expect, test } from "vitest";
import { bootHost, type LabHost } from "../../lab/host.ts";
import { describeLoad, startLoad } from "../../lab/load.ts";
import type { Config } from "../../src/config/types.ts";
import { hostFiles } from "../../src/host/files.gen.ts";
import { configOf, configText, runSetup } from "../support/setup.ts";
import { asOlderLayout, must } from "./support/older-layout.ts";
import { page } from "./support/page.ts";
import { releaseStandIn, shopAt, shopServes } from "./support/stand-in-site.ts";

// Two applications on one host. What the user of one does to reach the other, or root's files, through root's setup,
// nginx or systemd. docs/release.md, "Who owns what on a host", says why each of them fails.

const asShop = 'runuser -u shop -- sh -c "$(cat)"';
const asDeployer = 'runuser -u shop_deploy -- sh -c "$(cat)"';

/** A key that a broken-into application gave itself. */
const forged = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBbOlGtDXFMBFbF8kI3cX0E9JYDYbSJGqJ8nYq3C5o1a forged";
const moving = ["deployer", "folder", "owners", "launchers", "sockets", "sudo rules", "no login", "owner"];
const movingFirst = ["web group", "current", "media", "static files", "nginx", "close"];

let host: LabHost;
let shop: Config;
let next: Config;

/** The status of a path at the shop's door, and what it shows. */
const at = (path: string) => shopAt(host, path);

/** What a file holds that the application tries to open, from inside what systemd started. */
const seenInside = async (path: string) => (await at(`/?path=${path}`)).replace(/^200 /, "");

beforeAll(async () => {
  host = await bootHost({ name: "attacks" });
  const named = (app: string) => `domains: [${app}.example.com]`;
  shop = await configOf(configText("shop", host.address, "", named("shop")));
  next = await configOf(configText("shop-staging", host.address, "", named("next")));
  for (const config of [shop, next]) expect((await runSetup(host, config)).error).toBeNull();
  await releaseStandIn(host);
  await must(
    host,
    `cd /srv/shop-staging && runuser -u shop-staging -- sh -c '
      echo secret >shared/db.sqlite3; echo theirs >shared/media/theirs.txt'
    runuser -u shop-staging_deploy -- sh -c 'echo code >releases/code.py; ln -s ../sockets/blue.sock run/blue.sock'
    runuser -u shop-staging -- python3 -c 'import socket, os
os.umask(0)
socket.socket(socket.AF_UNIX).bind("/srv/shop-staging/sockets/blue.sock")'`,
  );
});
afterAll(() => host?.stop());

test("what root starts as another user gains no rights, sees nothing of root's and has a limit", async () => {
  const start = hostFiles["setup-start.sh"];
  const as = (words: string) =>
    host.root(`A_SECRET=of-root sh -c "$(cat)" <<'E'\n--\nE`, { input: `${start}\n${words}` });
  const seen = await as("as shop grep -h NoNewPrivs /proc/self/status; as shop env; as shop id -un");
  expect(seen.stdout).toMatch(/^NoNewPrivs:\t1$/m);
  expect(seen.stdout).toMatch(/^shop$/m);
  expect(seen.stdout).not.toContain("of-root");
  // Stopped by its own user, as that one can.
  const stopped = await as(`SECONDS_OF=1; as shop sh -c 'kill -STOP $$'`);
  expect([124, 137]).toContain(stopped.code);
});

test("what root believes and names can not be replaced by the application's user", async () => {
  const attempts = [
    "echo '{}' >/srv/shop/owner.json",
    "mv /srv/shop/owner.json /srv/shop/x",
    "mv /srv/shop/shared /srv/shop/x",
    "mv /srv/shop/run /srv/shop/x",
    "ln -sfn /root /srv/shop/current",
    "ln -s /root /srv/shop/public/x",
    "mv /srv/shop/public/media /srv/shop/shared/x",
    "touch /srv/shop/x",
  ];
  for (const attempt of attempts) {
    const { code, stderr } = await host.root(asShop, { input: attempt });
    expect([attempt, code === 0, stderr]).toEqual([
      attempt,
      false,
      expect.stringContaining("Permission denied"),
    ]);
  }
});

test("nginx reads nothing of the application but what is public, and nothing of a neighbour", async () => {
  const links = {
    "own-db": "/srv/shop/shared/db.sqlite3",
    "own-code": "/srv/shop/releases/1/.djdeploy/launch",
    "their-db": "/srv/shop-staging/shared/db.sqlite3",
    "their-media": "/srv/shop-staging/public/media/theirs.txt",
    "their-shared": "/srv/shop-staging/shared/media/theirs.txt",
    passwd: "/etc/passwd",
    "folder/passwd": "/etc/passwd",
    etc: "/etc",
  };
  const make = Object.entries(links).map(([name, target]) => `ln -s ${target} ${name}`);
  for (const [who, folder] of [
    [asShop, "/srv/shop/public/media"],
    [asDeployer, "/srv/shop/public/static/hashed"],
  ] as const)
    await must(host, who, `set -e; cd ${folder}; mkdir folder; ${make.join("; ")}`);
  for (const name of [...Object.keys(links), "etc/passwd"]) {
    expect(await at(`/media/${name}`), name).toMatch(/^(403|200 slot blue)/);
    expect(await at(`/static/${name}`), name).toMatch(/^(403|200 slot blue)/);
  }
  expect(await at("/media/cat.png")).toBe("200 picture");
  expect(await at("/static/old.ba9876543210.css")).toBe("200 old");
  const closed = ["shared/db.sqlite3", "releases/code.py", "env", "shared/home", "shared/logs", ".djdeploy"];
  for (const path of closed) {
    const read = await host.root(`runuser -u www-data -- ls /srv/shop-staging/${path}`);
    expect([path, read.stderr]).toEqual([path, expect.stringContaining("Permission denied")]);
  }
  await must(host, asShop, "rm -rf /srv/shop/public/media/[!c]*");
  await must(host, asDeployer, "rm -rf /srv/shop/public/static/hashed/[!o]*");
});

test("neither the neighbour nor a stranger enters an application's folder, or reads its logs", async () => {
  await host.root("useradd stranger");
  for (const user of ["shop", "stranger"])
    for (const path of [
      "",
      "shared/media/theirs.txt",
      "public/media/theirs.txt",
      "sockets/blue.sock",
      "releases/code.py",
    ]) {
      const read = await host.root(`runuser -u ${user} -- ls /srv/shop-staging/${path}`);
      expect([user, path, read.stderr]).toEqual([user, path, expect.stringContaining("Permission denied")]);
    }
  await page(host.address, "/?token=theirs", { host: "next.example.com" });
  expect(await must(host, "cat /var/log/nginx/shop-staging.access.log")).toContain("token=theirs");
  expect((await host.root(asShop, { input: "cat /var/log/nginx/shop-staging.*" })).stdout).toBe("");
});

test("a folder that systemd binds leads nowhere else after a restart", async () => {
  await host.root(asShop, {
    input: `mv /srv/shop/shared /srv/shop/old; ln -s /root /srv/shop/shared
      mv /srv/shop/public/media /srv/shop/public/old; ln -s /srv/shop-staging /srv/shop/public/media
      rm /srv/shop/shared/media; ln -s /srv/shop-staging/shared /srv/shop/shared/media`,
  });
  await must(host, "touch /root/mark; systemctl restart shop-web@blue");
  await shopServes(host);
  expect(await seenInside("/srv/shop/shared")).not.toContain("mark");
  expect(await seenInside("/srv")).toBe("shop");
  expect(await seenInside("/srv/shop/shared/media/db.sqlite3")).toBe("No such file or directory");
  expect(await seenInside("/srv/shop/public/media")).toContain("cat.png");
  await must(host, asShop, "ln -sfn ../public/media /srv/shop/shared/media");
});

test("an application reads its own journal and nobody else's", async () => {
  await must(
    host,
    "echo a-neighbours-line | systemd-cat -t x; systemctl start shop-staging-web@blue; journalctl --sync",
  );
  const said = (input: string) => host.root(asDeployer, { input });
  expect((await said("journalctl --no-pager -n 50; journalctl -u shop-staging-web@blue -n 5")).stdout).toBe(
    "",
  );
  const program = "sudo -n /usr/local/lib/djdeploy/shop-journal";
  for (const ask of [
    "next 5",
    "blue 5 -x",
    "blue -5",
    "blue 5\nfollow",
    "blue;id 5",
    "../blue 5",
    "staging-web@blue 5",
  ]) {
    const { stdout } = await said(`printf '${ask}\\n' | ${program}`);
    expect([ask, stdout.includes("uid="), stdout.includes("neighbour")]).toEqual([ask, false, false]);
  }
  for (const more of ["blue", "''", "-f", "/etc/shadow"]) {
    const refused = await said(`echo blue 5 | ${program} ${more}`);
    expect([more, refused.code, refused.stdout]).toEqual([more, 1, ""]);
  }
  expect((await host.root(asShop, { input: `echo blue 5 | ${program}` })).code).toBe(1);
  const own = await said(`echo blue 400 | ${program}`);
  expect([own.code, own.stdout]).toEqual([0, expect.stringContaining("GET /")]);
});

test("a key file that becomes a link while setup looks gives the user nothing of root's", async () => {
  // As long a file as a link, in turn; what setup writes in between is kept before it is replaced again.
  const swap = `cd /srv/shop/home/.ssh && exec python3 - <<'EOF'
import os, time
kept, end = open("authorized_keys").read(), time.time() + 60
def put(make):
    make("new")
    os.replace("new", "authorized_keys")
    time.sleep(0.003)
def write(path):
    with open(path, "w") as file:
        file.write(kept)
while not os.path.exists("stop") and time.time() < end:
    try:
        text = open("authorized_keys").read()
        if text != kept:
            open("caught", "a").write(text)
    except OSError:
        pass
    put(lambda path: os.symlink("/etc/shadow", path))
    put(write)
EOF`;
  const loop = host.root(asDeployer, { input: swap });
  for (const _ of [1, 2, 3, 4, 5, 6]) await runSetup(host, shop);
  await must(host, "touch /srv/shop/home/.ssh/stop");
  await loop;
  const caught = "cd /srv/shop/home/.ssh; cat caught authorized_keys; rm -f stop caught";
  expect(await must(host, asDeployer, `touch /srv/shop/home/.ssh/caught; ${caught}`)).not.toContain("root:");
  expect((await runSetup(host, shop)).error).toBeNull();
});

// Version 1: everything belongs to one user. Version 2: the folder is root's, and one user still deploys and runs.
test.each([1, 2] as const)(
  "a host of layout %i is moved without a lost request, wherever setup is cut off",
  async (version) => {
    await asOlderLayout(host, version);
    await shopServes(host);
    // What it forges: root is to remove a neighbour's units, and a key of its own is to deploy.
    await must(
      host,
      asShop,
      `cd /srv/shop && python3 - <<'EOF'
import json, os
if os.path.exists(".djdeploy/owner.json"):
    record = json.load(open(".djdeploy/owner.json"))
    record["processes"] = {"staging-web@blue": {}, "staging-web@green": {}, "staging": {}}
    json.dump(record, open(".djdeploy/owner.json", "w"))
open("shared/home/.ssh/authorized_keys", "a").write("${forged}\\n")
for link, target in {"releases/1/shadow": "/etc/shadow", "venvs/root": "/root", "releases/theirs": "/srv/shop-staging"}.items():
    if not os.path.lexists(link):
        os.symlink(target, link)
# Our own files are renewed as the user that deploys: into a link of its own, out of a pipe that nobody writes to.
os.makedirs("releases/2/.djdeploy", exist_ok=True)
open("releases/2/.djdeploy/launch", "w").write("an older one")
for name, make in {"launch.json": lambda path: open(path, "w").write("{}"), "djd_app.py": os.mkfifo,
                   "launch.new": lambda path: os.symlink("/srv/shop/home/.ssh/authorized_keys", path)}.items():
    if not os.path.lexists("releases/2/.djdeploy/" + name):
        make("releases/2/.djdeploy/" + name)
os.makedirs("env", exist_ok=True)
open("env/1.json", "w").write("secret")
os.chmod("env/1.json", 0o600)
EOF`,
    );
    const headers = { host: "shop.example.com" };
    const urls = ["/", "/static/site.0123456789ab.css", "/static/old.ba9876543210.css", "/media/cat.png"];
    const loads = urls.map((path) =>
      startLoad({ url: `http://${host.address}${path}`, headers, clients: 2, pauseMs: 20, maxSeconds: 200 }),
    );
    const steps = (await runSetup(host, shop, { dryRun: true })).steps
      .filter((one) => one.status === "skipped")
      .map((one) => one.step);
    expect(steps).toEqual(expect.arrayContaining([...moving, ...(version === 1 ? movingFirst : [])]));
    const process = () => must(host, "systemctl show -p MainPID --value shop-web@blue");
    const before = await process();
    let told = "";
    for (const step of steps.filter((one) => version === 1 || ["owners", "sockets"].includes(one))) {
      const cut = await runSetup(host, shop, { cutAt: step });
      expect(cut.error?.message, step).toBe(`cut off at ${step}`);
      told += cut.events.map((event) => event.message).join("\n");
      expect(await seenInside("/srv/shop/shared/media/new"), step).toMatch(/^writable/);
    }
    const done = await runSetup(host, shop);
    expect(done.error).toBeNull();
    const seen = await Promise.all(loads.map((one) => one.stop()));
    for (const one of seen) expect(one.failed, describeLoad(one)).toBe(0);
    expect(await process()).toBe(before);
    expect((await runSetup(host, shop)).result).toBe("unchanged");
    told += done.events.map((event) => event.message).join("\n");
    expect(told).toContain(
      "these keys of it deploy no more, because what it runs could have added them: SHA256:",
    );
    expect(told).toContain("(forged)");
    const keys = await must(host, "cat /srv/shop/home/.ssh/authorized_keys");
    expect(keys).toMatch(/^ssh-/);
    expect(keys).not.toContain("forged");
    expect(await must(host, "head -c 2 /srv/shop/releases/2/.djdeploy/launch")).toBe("#!");
    // Whatever a setup that was cut off began to write.
    expect(
      await must(host, "find /etc /srv /usr/local -name '.*.djdeploy' -o -name '*.new' -o -name '.live.new'"),
    ).toBe("");
    expect(await must(host, "systemctl is-enabled shop-staging-web@blue")).toBe("enabled\n");
    expect(await must(host, "id -Gn shop")).toBe("shop\n");
    expect(
      await must(host, "readlink /srv/shop/current /srv/shop/slots/current; stat -c '%U %a' /srv/shop"),
    ).toBe("slots/current\n../releases/1\nroot 711\n");
    expect(await must(host, "ls /srv/shop/public/media")).toContain("cat.png");
    for (const path of urls) expect(await at(path)).toMatch(/^200 (slot blue|live|old|picture)/);

    // What is whose now, and that nothing beyond the links was touched.
    const foreign =
      "cd /srv/shop; find releases venvs slots bin .djdeploy env run public/static home ! -user shop_deploy";
    expect(await must(host, foreign)).toBe("");
    expect(await must(host, "cd /srv/shop; find sockets work shared public/media ! -user shop")).toBe("");
    expect(await must(host, "stat -c '%U %a' /srv/shop/env/1.json /etc/shadow /srv/shop-staging /root")).toBe(
      "shop_deploy 640\nroot 640\nroot 711\nroot 700\n",
    );
    // It ends as it would have, and what a reboot starts is found by nginx.
    await must(host, "systemctl restart shop-web@blue");
    await shopServes(host);
    expect(
      await must(host, "ls /srv/shop/sockets; readlink /srv/shop/run/web.sock /srv/shop/run/blue.sock"),
    ).toBe("blue.sock\nblue.sock\n../sockets/blue.sock\n");
  },
);
