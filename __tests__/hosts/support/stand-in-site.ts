import { readFileSync } from "node:fs";
import type { LabHost } from "../../../lab/host.ts";
import { waitFor } from "../../../lab/wait.ts";
import { must } from "./older-layout.ts";
import { page } from "./page.ts";

const standIn = readFileSync(new URL("../../support/stand-in.py", import.meta.url), "utf8");

const release = `
set -e
cd /srv/shop
mkdir -p releases/1/.djdeploy public/static/1 public/static/hashed
cat >releases/1/.djdeploy/launch
chmod 755 releases/1/.djdeploy/launch
echo live >public/static/1/site.0123456789ab.css
ln -sfn 1 public/static/live
echo old >public/static/hashed/old.ba9876543210.css
ln -sfn ../releases/1 slots/blue
ln -sfn ../sockets/blue.sock run/blue.sock
ln -sfn ../releases/1 slots/current
cat /proc/sys/kernel/random/boot_id >run/blue.boot
sudo -n /usr/bin/systemctl start shop-web@blue.service
ln -sfn blue.sock run/web.sock`;

/** The status of a path at the shop's door, and what it shows. */
export async function shopAt(host: LabHost, path: string): Promise<string> {
  const seen = await page(host.address, path, { host: "shop.example.com" });
  return `${seen.status} ${seen.body.trim()}`;
}

export const shopServes = (host: LabHost) =>
  waitFor(async () => (await shopAt(host, "/")).includes("slot blue"), {
    timeoutMs: 20_000,
    what: "the shop",
  });

/** Makes the stand-in live in the slot `blue` of a host that was set up for the shop under systemd, and leaves some data. */
export async function releaseStandIn(host: LabHost): Promise<void> {
  await must(host, `cat >/tmp/release.sh; chmod 644 /tmp/release.sh`, release);
  const data = "cd /srv/shop; echo picture >shared/media/cat.png; echo secret >shared/db.sqlite3";
  await must(host, 'runuser -u shop -- sh -c "$(cat)"', data);
  await must(host, "runuser -u shop_deploy -- sh /tmp/release.sh", standIn);
  await shopServes(host);
}
