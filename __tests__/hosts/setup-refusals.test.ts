import { afterAll, beforeAll, expect, test } from "vitest";
import { bootHost, type LabHost } from "../../lab/host.ts";
import { becomeRoot } from "../../src/release/setup/root.ts";
import { connect } from "../../src/ssh/connect.ts";
import { configOf, configText, runSetup, targetOf } from "../support/setup.ts";

let host: LabHost;

/** What a refused or failed setup must leave as it was. */
const state = async () =>
  (
    await host.root(
      "find /etc /srv /usr/local /var/log -newermt 2000-01-01 ! -path '/var/log/*' -type f -exec md5sum {} + | sort -k2; " +
        "find /etc /srv /usr/local \\( -type d -o -type l \\) -printf '%p %M %u %g %l\\n' | sort",
    )
  ).stdout;

const shop = (more = "", there = "") => configOf(configText("shop", host.address, more, there));
const other = (more = "", there = "") => configOf(configText("other", host.address, more, there));

/** Runs something that must be refused with exit code 7 and must change nothing. */
async function refused(config: Promise<Awaited<ReturnType<typeof shop>>>) {
  const before = await state();
  const run = await runSetup(host, await config);
  expect(run.error).not.toBeNull();
  expect(run).toMatchObject({ result: "refused", error: { exitCode: 7, details: { host: host.address } } });
  expect(await state()).toBe(before);
  return run.error!;
}

beforeAll(async () => {
  host = await bootHost({ name: "refusals" });
  const first = await runSetup(host, await shop("", "domains: [www.example.com]"));
  expect(first.error).toBeNull();
});
afterAll(() => host?.stop());

test("Debian's default site stays where ours has a name", async () => {
  expect((await host.root("ls /etc/nginx/sites-enabled")).stdout).toBe("default\nshop\n");
});

test("a site that somebody else wrote and that serves the name is not overruled", async () => {
  const site = "server {\n  listen 80;\n  server_name old.example.com; # legacy\n}\n";
  await host.root("cat >/etc/nginx/sites-enabled/legacy", { input: site });
  const error = await refused(other("", "domains: [new.example.com, OLD.example.com]"));
  expect(error.code).toBe("setup.foreign-site");
  expect(error.message).toContain("/etc/nginx/sites-enabled/legacy already serves old.example.com");
  expect(error.details.output).toContain("-  server_name old.example.com; # legacy");
  expect(error.details.output).toContain("+  server_name new.example.com old.example.com;");
  await host.root("rm /etc/nginx/sites-enabled/legacy");
});

test("another application of ours has the name", async () => {
  const error = await refused(other("", "domains: [www.example.com]"));
  expect(error.code).toBe("setup.foreign-site");
  expect(error.message).toContain("is the site of shop/production");
});

test("a default site that somebody changed is not replaced", async () => {
  await host.root(
    "cp /etc/nginx/sites-available/default /root/ && echo '# mine' >>/etc/nginx/sites-available/default",
  );
  const error = await refused(other());
  expect(error.message).toContain("/etc/nginx/sites-available/default already serves the default site");
  await host.root("cp /root/default /etc/nginx/sites-available/default");
});

test("our site, changed by hand, is not overwritten; a unit is put back", async () => {
  await host.root("echo '# mine' >>/etc/nginx/sites-available/shop");
  const error = await refused(shop("", "domains: [www.example.com]"));
  expect(error.details).toMatchObject({ seen: "djdeploy's file, changed by hand since" });
  await host.root("sed -i '$d' /etc/nginx/sites-available/shop");

  await host.root("sed -i 's/ProtectSystem=strict/ProtectSystem=no/' /etc/systemd/system/shop-web@.service");
  const run = await runSetup(host, await shop("", "domains: [www.example.com]"));
  const changed = run.steps.filter((step) => step.status === "done").map((step) => step.step);
  expect(changed).toEqual(["unit", "services", "verify", "login"]);
  expect((await host.root("systemctl show -p ProtectSystem --value shop-web@blue")).stdout).toBe("strict\n");
});

test("a folder, a user, a unit and a repository that belong to somebody else", async () => {
  await host.root("mkdir -p /srv/other/data");
  expect((await refused(other())).code).toBe("setup.foreign-folder");
  await host.root("rm -r /srv/other");

  expect((await refused(other("server: {user: games}"))).code).toBe("setup.foreign-user");

  await host.root("echo '[Unit]' >/etc/systemd/system/other-web@.service");
  expect((await refused(other("", "domains: [a.example]"))).code).toBe("setup.foreign-file");
  await host.root("rm /etc/systemd/system/other-web@.service");

  const owner = "/srv/shop/owner.json";
  await host.root(`sed -i.old 's,example/shop,example/blog,' ${owner}`);
  expect((await refused(shop("", "domains: [www.example.com]"))).code).toBe("owner.other-repository");
  await host.root(`mv ${owner}.old ${owner}`);
});

test("a site is not moved to another manager or user behind its back", async () => {
  const names = "domains: [www.example.com]";
  const error = await refused(shop("server: {manager: supervisord}", names));
  expect(error.code).toBe("setup.other-manager");
  expect(error.details.hint).toContain(
    "systemctl disable --now shop-web@blue.service shop-web@green.service; rm /etc/systemd/system/shop-web@.service",
  );
  expect((await refused(shop("server: {user: shopper}", names))).code).toBe("setup.other-user");
});

test("users and groups of somebody else's neither deploy nor read secrets", async () => {
  const named = "domains: [a.example]";
  await host.root("useradd -m other_deploy");
  const taken = await refused(other("", named));
  expect(taken).toMatchObject({
    code: "setup.foreign-user",
    details: { seen: expect.stringContaining("home /home/other_deploy, group other_deploy") },
  });
  expect(taken.details.hint).toContain("hosts: [OTHER@HOST]");
  await host.root("userdel -r other_deploy");

  await host.root("useradd -m -g users person");
  await host.root("useradd -m -g users somebody");
  const shared = await refused(other("server: {user: person}", named));
  expect(shared).toMatchObject({ code: "setup.shared-group", details: { seen: "somebody" } });
  expect(shared.details.hint).toContain("usermod -g person person");
  expect((await refused(other("server: {user: www-data}", named))).code).toBe("setup.foreign-user");
  await host.root("userdel -r person; userdel -r somebody");

  const text = configText("shop", `else@${host.address}`, "", "domains: [www.example.com]");
  const moved = await refused(configOf(text));
  expect(moved).toMatchObject({ code: "setup.other-user", details: { seen: "shop_deploy" } });
});

test("a host whose sudo forbids the one to start something as the other is not ready, in one sentence", async () => {
  await host.root("echo 'shop_deploy ALL=(shop) !/usr/local/lib/djdeploy/shop-as' >/etc/sudoers.d/zz");
  const run = await runSetup(host, await shop("", "domains: [www.example.com]"));
  expect(run.error).toMatchObject({ code: "setup.not-ready", exitCode: 1 });
  expect(run.error?.message).toContain(
    "sudo does not let shop_deploy run /usr/local/lib/djdeploy/shop-as as shop",
  );
  expect(run.error?.details).toMatchObject({
    at: "/etc/sudoers",
    expected: expect.stringContaining("/etc/sudoers.d/djdeploy-shop"),
    hint: expect.stringMatching(/sudo -l -U shop_deploy.*run setup again/),
  });
  await host.root("rm /etc/sudoers.d/zz");
  expect((await runSetup(host, await shop("", "domains: [www.example.com]"))).error).toBeNull();
});

const www = "domains: [www.example.com]";

test.each([
  [
    "sudo does not read its rules",
    "sed -i.kept /includedir/d /etc/sudoers",
    "mv /etc/sudoers.kept /etc/sudoers",
    /sudo does not read \/etc\/sudoers\.d.*write to \/etc\/sudoers, as its last line: @includedir \/etc\/sudoers\.d/,
  ],
  [
    "who deploys has no shell",
    "usermod -s /usr/sbin/nologin shop_deploy",
    "usermod -s /bin/sh shop_deploy",
    /shop_deploy has a shell that lets nobody in: usermod -s \/bin\/sh shop_deploy/,
  ],
])("a host on which %s is not ready, and is told what to write", async (_, spoil, mend, words) => {
  await host.root(spoil);
  const run = await runSetup(host, await shop("", www));
  expect(run.error).toMatchObject({ code: "setup.not-ready", exitCode: 1 });
  expect(run.error?.message).toMatch(words);
  await host.root(mend);
  expect((await runSetup(host, await shop("", www))).error).toBeNull();
});

test("what root's tools say is answered: a masked nginx", async () => {
  await host.root("systemctl mask --now nginx");
  const run = await runSetup(host, await shop("", "domains: [www.example.com, b.example.com]"));
  expect(run.error?.details.hint).toContain("systemctl unmask nginx.service on the host");
  await host.root("systemctl unmask nginx && systemctl start nginx");
  expect((await runSetup(host, await shop("", www))).error).toBeNull();
});

test("a site that nginx refuses is taken back, the others go on", async () => {
  // Too short for Debian's OpenSSL, which says so only when it is loaded.
  await host.root(`mkdir -p /etc/ssl/x && cd /etc/ssl/x && umask 077
    openssl req -x509 -newkey rsa:1024 -nodes -days 9 -subj /CN=x -addext subjectAltName=DNS:www.example.com -keyout a.key -out a.pem`);
  const tls = { certificate: "/etc/ssl/x/a.pem", key: "/etc/ssl/x/a.key" };
  const before = (await host.root("cat /etc/nginx/sites-available/shop")).stdout;
  const run = await runSetup(host, { ...(await shop("", "domains: [www.example.com]")), tls });
  expect(run.error).toMatchObject({ code: "setup.failed", exitCode: 1, details: { step: "nginx" } });
  expect(run.error?.details.output).toContain("/etc/ssl/x/a.pem");
  expect(run.error?.details.hint).toContain(
    "/etc/ssl/x/a.pem is too weak for this host's OpenSSL (key too small)",
  );
  expect((await host.root("cat /etc/nginx/sites-available/shop")).stdout).toBe(before);
  expect((await host.root("nginx -t")).code).toBe(0);
});

test("sudo rules that visudo refuses never take their place", async () => {
  const root = await becomeRoot(await connect(targetOf(host)), null);
  const path = "/etc/sudoers.d/djdeploy-broken";
  const write = root.run("setup-file.sh", [path, "440", "sudoers"], "shop ALL=(root NOPASSWD: /bin/true\n");
  await expect(write).rejects.toMatchObject({ code: "setup.failed" });
  await root.connection.close();
  expect((await host.root("ls -A /etc/sudoers.d")).stdout).toBe("README\ndjdeploy-shop\n");
});

test("a link that the deploy user puts in root's way leads nowhere", async () => {
  const steal = `
    rmdir /srv/shop/shared/logs && ln -s /etc/nginx /srv/shop/shared/logs
    rm /srv/shop/shared/media && ln -s /root /srv/shop/shared/media
    rm -rf /srv/shop/run /srv/shop/sockets /srv/shop/public/media /srv/shop/bin; ln -s /root /srv/shop/bin; ln -s /root /srv/shop/evil`;
  await host.root('runuser -u shop -- sh -c "$(cat)"', { input: steal });
  const shown = "find /srv/shop -maxdepth 2 -printf '%p %y\\n' | grep -E '/(run|bin|evil|media) ' | sort";
  expect((await host.root(shown)).stdout.split("\n").filter(Boolean)).toEqual([
    "/srv/shop/bin d",
    "/srv/shop/public/media d",
    "/srv/shop/run d",
    "/srv/shop/shared/media l",
  ]);
  const before = (await host.root("stat -c '%n %a %U %G' /etc/nginx /root")).stdout;
  const run = await runSetup(host, await shop("", "domains: [www.example.com]"));
  expect(run.error?.message).toBe("/srv/shop/shared/logs is a link, a folder was expected");
  expect((await host.root("stat -c '%n %a %U %G' /etc/nginx /root")).stdout).toBe(before);
  await host.root("rm /srv/shop/shared/logs");
});

test("a way that somebody else than root can change is not built on", async () => {
  await host.root("mkdir -p /srv/open && chown games /srv/open");
  const error = await refused(other("release: {path: /srv/open/other}", "domains: [a.example]"));
  expect(error).toMatchObject({ code: "setup.open-way", details: { seen: "/srv/open belongs to games" } });
  await host.root("rmdir /srv/open");
});

test("a folder of root's programs that others may write is not written to, and the cause is said", async () => {
  await host.root("chmod 777 /usr/local/lib/djdeploy");
  const error = await refused(shop("", www));
  expect(error).toMatchObject({ code: "setup.open-way" });
  expect(error.details.hint).toContain("chmod go-w /usr/local/lib/djdeploy");
  await host.root("chown root:root /usr/local/lib/djdeploy && chmod go-w /usr/local/lib/djdeploy");
});

test("a group of somebody else's is not shared with nginx", async () => {
  await host.root("groupadd other_nginx && usermod -aG other_nginx games");
  expect((await refused(other("", "domains: [a.example]"))).code).toBe("setup.foreign-group");
  await host.root("groupdel other_nginx");
});

test("a setup that broke off is taken up where it stopped", async () => {
  const again = await runSetup(host, await shop("", "domains: [www.example.com]"));
  expect(again.result).toBe("done");
  expect(again.steps.filter((step) => step.status === "done").map((step) => step.step)).toEqual([
    "folders",
    "verify",
    "login",
  ]);
});

test("as a user with sudo: a password goes to sudo alone; without one or with a wrong one nothing is done", async () => {
  await host.root(`
    useradd -m -s /bin/bash -G sudo admin && echo 'admin:right horse' | chpasswd
    mkdir -m 700 ~admin/.ssh && cp /root/.ssh/authorized_keys ~admin/.ssh/ && chown -R admin: ~admin/.ssh`);
  const config = await shop("", "domains: [www.example.com]");
  const without = await runSetup(host, config, { user: "admin" });
  expect(without.error).toMatchObject({ code: "setup.sudo", exitCode: 7 });
  expect(without.error?.details.hint).toContain("--ask-sudo-password");
  const wrong = await runSetup(host, config, { user: "admin", sudoPassword: "wrong" });
  expect(wrong.error).toMatchObject({ code: "setup.sudo" });
  await host.root("rm -r /srv/shop/bin");
  const right = await runSetup(host, config, { user: "admin", sudoPassword: "right horse" });
  expect(right.error).toBeNull();
  expect(right.hosts[0]?.changed).toBe(1);
  const log = await host.root("journalctl --no-pager | grep -c 'right horse'");
  expect(log.stdout).toBe("0\n");
  expect(JSON.stringify(right.events)).not.toContain("right horse");
});

test("sudo that asks for no password leaves the given one unused", async () => {
  await host.root("echo 'admin ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/admin && rm -r /srv/shop/bin");
  const run = await runSetup(host, await shop("", "domains: [www.example.com]"), {
    user: "admin",
    sudoPassword: "right horse",
  });
  expect(run.error).toBeNull();
  expect(run.hosts[0]?.changed).toBe(1);
});

test("a second application, its own keys, uv: nothing of the first changes", async () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBbOlGtDXFMBFbF8kI3cX0E9JYDYbSJGqJ8nYq3C5o1a ci";
  const run = await runSetup(host, await other(), { deployKeys: [key], uv: true });
  expect(run.error).toBeNull();
  expect((await host.root("cat /srv/other/home/.ssh/authorized_keys")).stdout).toBe(`${key}\n`);
  expect((await host.root("runuser -u other -- /opt/djdeploy/uv-*/bin/uv --version")).stdout).toMatch(/^uv /);
  expect((await host.root("ls /etc/nginx/sites-enabled")).stdout).toBe("other\nshop\n");
  expect((await runSetup(host, await shop("", "domains: [www.example.com]"))).result).toBe("unchanged");
});

test("a package that does not exist is named", async () => {
  const run = await runSetup(host, await other("packages: [no-such-package]"), { uv: true });
  expect(run.error?.message).toContain("Unable to locate package no-such-package");
  expect(run.error).toMatchObject({ exitCode: 1, details: { step: "packages" } });
});
