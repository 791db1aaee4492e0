import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../../lab/wait.ts";
import { acted, type Manager, type Site, secretKey, startSite, told } from "./support/site.ts";

// Looks at every command line, again and again over a whole deploy: what shows for a moment is seen too. The value
// comes from a file, so that the watch does not show it itself.
const watch = `
import glob, os
secret = open("/run/secret", "rb").read()
assert len(secret) > 20
rounds, seen = 0, set()
while os.path.exists("/run/watch"):
    rounds += 1
    for file in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            line = open(file, "rb").read()
        except OSError:
            continue
        if secret in line:
            seen.add(line.replace(secret, b"SECRET").decode("utf-8", "replace"))
print(rounds > 20, sorted(seen))
`;

describe.each<Manager>(["systemd", "supervisord"])("the secrets of a deploy under %s", (manager) => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite(manager);
  });
  afterAll(() => site?.stop());

  test("show in no command line, log, journal, output or file that others may read", async () => {
    await site.host.root("touch /run/watch; cat >/run/secret; chmod 600 /run/secret", { input: secretKey });
    await site.host.root("cat >/run/watch.py", { input: watch });
    const watching = site.root("python3 /run/watch.py");
    site.project.commit({
      "requirements.txt": `${site.project.read("requirements.txt")}sqlparse\n`,
      "shop/models.py": `${site.project.read("shop/models.py")}    page = models.CharField(max_length=9, default="")\n`,
      "shop/migrations/0002_more.py": `from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.AddField("visit", "page", models.CharField(max_length=9, default=""))]
`,
    });
    const done = await site.act("deploy", "--verbose");
    await site.root("rm /run/watch");
    expect(await watching).toBe("True []");
    expect(done.code, told(done)).toBe(0);
    expect(done.stdout + done.stderr).not.toContain(secretKey);

    const holding = (where: string) =>
      site.root(`grep -rlaF -f /run/secret ${where} 2>/dev/null | sort; true`);
    expect(await holding("/var/log /srv/shop/.djdeploy /srv/shop/releases /srv/shop/shared /tmp /etc")).toBe(
      "",
    );
    expect(await site.root("journalctl --no-pager | grep -cF -f /run/secret; true")).toBe("0");
    const files = (await holding("/srv/shop")).split("\n");
    expect(files.every((file) => file.startsWith("/srv/shop/env/"))).toBe(true);
    expect(files.length).toBeGreaterThan(1);
    expect(await site.root("stat -c '%a %U' /srv/shop/env /srv/shop/env/* | sort -u")).toBe(
      "600 shop_deploy\n640 shop_deploy\n750 shop_deploy",
    );
    expect(await site.root("su -s /bin/sh www-data -c 'cat /srv/shop/env/store.json 2>&1'; true")).toContain(
      "Permission denied",
    );
  });

  test("may have 1 MB: the release starts with all of it, again too, and any program starts from it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "djd-large-"));
    const file = join(folder, "large.env");
    writeFileSync(file, `SECRET_KEY=${secretKey}\nLARGE=${"0123456789abcdef".repeat(1 << 16)}\n`, {
      mode: 0o600,
    });
    site.project.commit({
      "djdeploy.yml": site.project.read("djdeploy.yml").replace("[SECRET_KEY]", "[SECRET_KEY, LARGE]"),
      "shop/wsgi.py": `import os, subprocess
assert len(os.environ["LARGE"]) == 1 << 20
subprocess.run(["true"], check=True)
${site.project.read("shop/wsgi.py")}`,
    });
    const done = acted(
      await site.djdeploy("deploy", "production", "--format", "json", "--verbose", "--env-file", file),
    );
    rmSync(folder, { recursive: true });
    expect(done.code, told(done)).toBe(0);
    expect(done.stdout + done.stderr).not.toContain("89abcdef0123456789abcdef");
    const { release, slot } = await site.status();
    await site.root(
      manager === "systemd" ? `systemctl restart shop-web@${slot}` : `supervisorctl restart shop-web-${slot}`,
    );
    await waitFor(async () => (await site.page().catch(() => null))?.status === 200, {
      timeoutMs: 20_000,
      what: "the release after its restart",
    });
    expect(await site.status()).toMatchObject({ release, proven: true });
    const holding =
      "grep -rlaF 89abcdef0123456789abcdef /var/log /srv/shop /tmp /run /proc/[0-9]*/environ 2>/dev/null";
    const files = (await site.root(`${holding} | grep -v ^/srv/shop/env/; true`)).split("\n");
    expect(files).toEqual([""]);
  });

  test("a link to another application's file, where root might follow it, shows nothing", async () => {
    await site.root("install -m 600 /dev/null /root/other.env && echo OTHER=of-another >/root/other.env");
    const release = (await site.status()).release;
    await site.root(`su -s /bin/sh shop -c 'ln -sfn /etc/cron.d /srv/shop/shared/logs'
      su -s /bin/sh shop_deploy -c '
      ln -sfn /root/other.env /srv/shop/env/${release}.json
      ln -sfn /root/other.env /srv/shop/releases/${release}/.djdeploy/launch.json'`);
    const slot = (await site.status().catch(() => null))?.slot ?? (await site.root("ls /srv/shop/slots"));
    const restart =
      manager === "systemd" ? `systemctl restart shop-web@${slot}` : `supervisorctl restart shop-web-${slot}`;
    await site.host.root(restart);
    const log =
      manager === "systemd" ? `journalctl -u shop-web@${slot}` : `cat /var/log/shop/web-${slot}.log`;
    await waitFor(async () => (await site.root(log)).includes("Permission denied"), {
      timeoutMs: 20_000,
      what: "the slot to be refused",
    });
    expect(
      await site.root(`${log}; cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep ^OTHER; true`),
    ).not.toContain("of-another");
    expect(await site.root("ls /etc/cron.d | grep -c shop; true")).toBe("0");
  });
});
