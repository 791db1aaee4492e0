import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { DoctorView, Finding } from "../../src/release/doctor/index.ts";
import { type Site, secretKey, startSite, told } from "./support/site.ts";

// Faults that are planted on a host, one at a time: each is found and named, and what is said to do makes it good again.
describe("djdeploy doctor", () => {
  let site: Site;
  let yml: string;
  beforeAll(async () => {
    site = await startSite("systemd");
    yml = site.project.read("djdeploy.yml");
  });
  afterAll(() => site?.stop());

  const look = async () => {
    const done = await site.djdeploy("doctor", "production", "--format", "json");
    const { hosts } = JSON.parse(done.stdout) as DoctorView;
    // Debian publishes one or the other while this image is kept.
    const bad = hosts[0]!.findings.filter(
      ({ id, level }) => (level === "error" || level === "warning") && id !== "updates",
    );
    return { code: done.code, findings: hosts[0]!.findings, bad };
  };
  const of = (findings: Finding[], id: string) => findings.filter((one) => one.id === id);

  afterEach(async () => {
    const { code, bad } = await look();
    expect([code, bad]).toEqual([0, []]);
  });

  test("a host that is in order: all that was looked at, and nothing to do", async () => {
    const { findings } = await look();
    const seen = new Set(findings.map(({ id }) => id));
    for (const id of [
      "setup",
      "release",
      "disk",
      "inodes",
      "memory",
      "clock",
      "units",
      "sudo",
      "database",
      "outside",
      "reboot",
      "updates",
    ])
      expect(seen, id).toContain(id);
    expect(findings.filter(({ fix, level }) => fix !== null && level === "ok")).toEqual([]);
    const text = await site.djdeploy("doctor", "production");
    expect(text.stdout).toMatch(/^web1\n {2}✓ setup/);
    expect(text.stdout).toContain("production: 0 errors, ");
  });

  test("a slot that would not start after a reboot", async () => {
    await site.root("systemctl disable -q shop-web@blue.service");
    const { code, bad } = await look();
    expect(code).toBe(1);
    expect(bad).toMatchObject([
      {
        id: "units",
        level: "error",
        message: "shop-web@blue.service would not start after a reboot",
        seen: "disabled",
      },
    ]);
    await site.root(bad[0]!.fix!);
  });

  test("nginx that does not run: its unit, the site, and nobody outside", async () => {
    await site.root("systemctl stop nginx");
    const { code, findings, bad } = await look();
    expect(code).toBe(1);
    expect(new Set(bad.map(({ id }) => id))).toEqual(new Set(["units", "release", "outside"]));
    const [unit] = of(findings, "units").filter(({ level }) => level === "error");
    expect(unit).toMatchObject({ message: "nginx.service does not run", seen: "inactive" });
    await site.root(unit!.fix!.split(";")[0]!);
  });

  test("a firewall before the host", async () => {
    await site.host.firewall(80, "closed");
    const { code, bad } = await look().finally(() => site.host.firewall(80, "open"));
    expect([code, bad.map(({ id }) => id)]).toEqual([1, ["outside"]]);
    expect(bad[0]!.seen).toContain("no answer within 5 s");
  });

  test("a rule of sudo's that forbids what a deploy does", async () => {
    await site.root(
      "echo 'shop_deploy ALL=(root) !/usr/bin/systemctl' >/etc/sudoers.d/zz-no && chmod 440 /etc/sudoers.d/zz-no",
    );
    const { code, findings } = await look();
    expect(code).toBe(1);
    expect(of(findings, "sudo")[0]).toMatchObject({
      level: "error",
      message: expect.stringContaining("sudo does not let the deploying user run: /usr/bin/systemctl start"),
    });
    await site.root("rm /etc/sudoers.d/zz-no");
  });

  test("a database that is none", async () => {
    const file = "/srv/shop/shared/db.sqlite3";
    await site.root(
      `cp -p ${file} /root/db; printf 'this is no database, and long enough to be looked at: %0512d' 0 >${file}`,
    );
    const { code, findings } = await look();
    await site.root(`cat /root/db >${file}`);
    expect(code).toBe(1);
    expect(of(findings, "database")).toMatchObject([
      {
        level: "error",
        message: "the database default does not answer",
        seen: "DatabaseError: file is not a database",
      },
    ]);
  });

  test("a reboot that is due", async () => {
    await site.root("touch /run/reboot-required; echo linux-image-amd64 >/run/reboot-required.pkgs");
    const { code, bad } = await look();
    await site.root("rm /run/reboot-required /run/reboot-required.pkgs");
    expect([code, bad]).toMatchObject([0, [{ id: "reboot", level: "warning", seen: "linux-image-amd64" }]]);
  });

  test("what setup would write anew, and setup then does", async () => {
    site.project.commit({ "djdeploy.yml": `${yml}    domains: [shop.example.com, www.shop.example.com]\n` });
    const { code, bad } = await look();
    expect([code, bad]).toMatchObject([0, [{ id: "setup", level: "warning" }]]);
    expect(bad[0]!.fix).toContain("djdeploy setup production --user root");
    const done = await site.setup().ended;
    expect(done.code, done.stdout + done.stderr).toBe(0);
  });

  test("what the live release raises is told without the values that the host stores", async () => {
    const settings = site.project.read("shop/settings.py");
    const raises = `import os\n\nif os.path.exists("/srv/shop/shared/raise"):\n    raise RuntimeError("key " + os.environ["SECRET_KEY"])\n`;
    site.project.commit({ "shop/settings.py": `${settings}\n${raises}` });
    const deployed = await site.act("deploy", "--skip-lint");
    expect(deployed.code, told(deployed)).toBe(0);
    await site.root("touch /srv/shop/shared/raise");
    const { code, stdout, stderr } = await site.djdeploy("doctor", "production");
    await site.root("rm /srv/shop/shared/raise");
    expect([code, stdout]).toEqual([1, expect.stringContaining("RuntimeError: key ***")]);
    expect(stdout + stderr).not.toContain(secretKey);
  });

  test("a host that nobody can reach is a finding, not the end", async () => {
    await site.host.cable("down");
    const { code, bad } = await look().finally(() => site.host.cable("up"));
    expect([code, bad]).toMatchObject([1, [{ id: "connect", level: "error" }]]);
    expect(bad[0]!.fix).not.toBeNull();
  });
});
