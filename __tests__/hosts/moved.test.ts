import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import { openSession } from "../../src/host/session.ts";
import { connect } from "../../src/ssh/connect.ts";
import { targetOf } from "../support/setup.ts";
import { asOlderLayout } from "./support/older-layout.ts";
import { type Site, startSite, told } from "./support/site.ts";
import { visitors } from "./support/visitors.ts";

/** What the older djdeploy does first on such a host: it comes in as the one user that is there, and takes the lock. */
async function olderDeploy(site: Site) {
  const key = readFileSync(site.reach.at(-1)!, "utf8");
  const session = await openSession("web1", {
    site: "/srv/shop",
    connect: () => connect({ ...targetOf(site.host, "shop"), keys: [{ source: "its key", text: key }] }),
  });
  const who = { actor: "anna", verb: "deploy", revision: "1a2b3c4d", runUrl: null };
  const began = session.request("begin", { run: randomUUID(), who, lock: true, base: false });
  return { session, began };
}

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
    const setup = () => site.setup();
    // While a deploy runs nothing is touched; while it is moved none begins.
    const state = () =>
      site.root(
        "find /etc /srv/shop ! -path '*/.djdeploy/*' ! -path '*/__pycache__*' -printf '%p %M %u %g %l %T@\\n' | sort; id shop_deploy 2>&1 || :",
      );
    const held = await olderDeploy(site);
    await held.began;
    const before = await state();
    const locked = await setup().ended;
    expect(locked.code, locked.stdout + locked.stderr).toBe(6);
    expect(locked.stdout + locked.stderr).toMatch(/web1 is locked by anna \(deploy of 1a2b3c4\), for \d+ s/);
    expect(locked.stdout + locked.stderr).toMatch(/let it end and run setup again/);
    expect(await state()).toBe(before);
    await held.session.close();

    const moving = setup();
    const lock = "/srv/shop/.djdeploy/lock.json";
    await waitFor(() => site.root(`grep setup ${lock}`), {
      timeoutMs: 30_000,
      what: "the lock",
      everyMs: 20,
    });
    const late = await olderDeploy(site);
    await expect(late.began).rejects.toMatchObject({
      code: "lock.held",
      exitCode: 6,
      message: expect.stringContaining("locked by root (setup)"),
    });
    await late.session.close();
    const moved = await moving.ended;
    expect(moved.code, moved.stdout + moved.stderr).toBe(0);
    expect(await site.root(`test ! -e ${lock} || flock -n ${lock} true`)).toBe("");
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
