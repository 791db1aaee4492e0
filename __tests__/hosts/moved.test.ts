import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import { asOlderLayout } from "./support/older-layout.ts";
import { cli, start } from "./support/program.ts";
import { type Site, startSite, told } from "./support/site.ts";
import { visitors } from "./support/visitors.ts";

// A site with a server that was started before the move: it keeps running, ends as it should, and nothing is lost.
describe.each(["systemd", "supervisord"] as const)("a host of the older layout, under %s", (manager) => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite(manager);
  });
  afterAll(() => site?.stop());

  test("is refused, moved while it serves, and deployed to: nobody is left without an answer", async () => {
    await asOlderLayout(site.host, 2);
    await waitFor(async () => (await site.page()).status === 200, {
      timeoutMs: 30_000,
      what: "the shop",
    });
    const refused = await site.act("deploy");
    expect(refused.code, told(refused)).toBe(7);
    expect(refused.stdout).toContain('"host.old-layout"');

    const load = visitors(site, 80);
    const moved = await start(cli, ["setup", "production", ...site.asRoot], {
      cwd: site.project.folder,
    }).ended;
    expect(moved.code, moved.stdout + moved.stderr).toBe(0);
    expect((await site.status()).problems).toEqual([]);
    const done = await site.act("deploy", "--force", "moved");
    expect(done.code, told(done)).toBe(0);
    const seen = await load.stop();
    expect(seen.failed, describeLoad(seen)).toBe(0);
    expect(await site.root("ls /srv/shop/sockets | grep -v control")).toBe("green.sock");
    expect(await site.root("cd /srv/shop/run && readlink web.sock green.sock; stat -c %a .")).toBe(
      "green.sock\n../sockets/green.sock\n751",
    );
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
  });
});
