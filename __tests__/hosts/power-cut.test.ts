import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rootOf } from "../../lab/disk.ts";
import { waitFor } from "../../lab/wait.ts";
import { footprint } from "./support/leftovers.ts";
import { reached } from "./support/reached.ts";
import { type Site, startSite, told } from "./support/site.ts";

const shell = (command: string, ...args: string[]) => execFileSync("sh", ["-ec", command, "sh", ...args]);

// A crash alone never loses what was written: the page cache lives on outside the host. So the application's folder
// lies on a file system of its own in an image, and what had reached that image at one moment is what the host gets back.
describe("a power cut right after the switch", () => {
  let site: Site;
  let folder: string;
  let place: string;
  beforeAll(async () => {
    site = await startSite("systemd");
    folder = mkdtempSync(join(tmpdir(), "djdeploy-disk-"));
    place = join(rootOf(dirname(site.host.privateKeyFile)), "srv/shop");
    await site.host.shutdown();
    shell(
      `truncate -s 800M "$1/disk" && mkfs.ext4 -q "$1/disk" && mkdir "$1/mnt" && mount -o loop "$1/disk" "$1/mnt"
       cp -a "$2/." "$1/mnt/" && chown --reference="$2" "$1/mnt" && chmod --reference="$2" "$1/mnt"
       umount "$1/mnt" && mount -o loop "$1/disk" "$2"`,
      folder,
      place,
    );
    await site.host.start();
    await waitFor(async () => (await site.page()).status === 200, { timeoutMs: 30_000, what: "the shop" });
  });
  afterAll(async () => {
    await site?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test("the link names a release whose files are whole", async () => {
    site.project.version("two");
    const running = site.begin("deploy", "production", "--format", "json");
    await reached(running, "switch", "step.done");
    shell(`cp --sparse=always "$1/disk" "$1/cut"`, folder);
    await site.host.crash();
    running.child.kill("SIGKILL");
    await running.ended;
    shell(`umount "$2" && mount -o loop "$1/cut" "$2"`, folder, place);
    await site.host.start();

    await waitFor(async () => (await site.page()).status === 200, {
      timeoutMs: 30_000,
      what: "the shop again",
    });
    expect((await site.page()).body).toContain("version two");
    const { live } = await footprint(site);
    expect(await site.root(`find /srv/shop/releases/${live}/shop -name '*.py' -size 0 | LC_ALL=C sort`)).toBe(
      [
        `/srv/shop/releases/${live}/shop/__init__.py`,
        `/srv/shop/releases/${live}/shop/migrations/__init__.py`,
      ]
        .sort()
        .join("\n"),
    );
    site.project.version("three");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect((await site.page()).body).toContain("version three");
    expect(await site.status()).toMatchObject({ proven: true });
  });
});
