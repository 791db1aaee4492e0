import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Site, startSite, told } from "./support/site.ts";

/** A larger disk was mounted, /srv moved there, and a link put in its place. The kernel and systemd name folders without links. */
describe("an application behind a link", () => {
  let site: Site;
  let yml: string;
  beforeAll(async () => {
    site = await startSite("systemd");
    yml = site.project.read("djdeploy.yml");
    await site.root(`
      systemctl stop shop-web@blue shop-web@green
      mkdir /big && mv /srv /big/srv && ln -s /big/srv /srv
      systemctl start shop-web@blue`);
  });
  afterAll(() => site?.stop());

  const setup = async () => {
    const { code, stdout, stderr } = await site.setup().ended;
    return { code, said: stdout + stderr };
  };

  const deployed = async (word: string) => {
    site.project.version(word);
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect((await site.page()).body).toContain(`version ${word}`);
    expect(await site.status()).toMatchObject({ proven: true, lock: null });
  };

  test("is refused by deploy and setup with the line to write, which makes it green", async () => {
    const line = /write to djdeploy\.yml: (release: \{path: \/big\/srv\/shop\})/;
    const before = await site.root("ls /srv/shop/releases; readlink /srv/shop/run/web.sock");
    const done = await site.act("deploy", "--force", "move");
    expect([done.code, done.report.result], told(done)).toEqual([7, "refused"]);
    expect(JSON.stringify(done.events)).toMatch(/\/srv\/shop leads through a link/);
    expect((await site.status()).problems).toMatchObject([{ fix: expect.stringMatching(line) }]);
    const refused = await setup();
    expect(refused.code, refused.said).toBe(7);
    expect(await site.root("ls /srv/shop/releases; readlink /srv/shop/run/web.sock")).toBe(before);

    site.project.commit({ "djdeploy.yml": `${line.exec(refused.said)?.[1]}\n${yml}` });
    const ready = await setup();
    expect(ready.code, ready.said).toBe(0);
    await deployed("two");
    // Other applications of /srv are not to be seen, wherever it leads.
    const { slot } = await site.status();
    await site.root("mkdir /srv/neighbour");
    const main = await site.root(`systemctl show -p MainPID --value shop-web@${slot}`);
    expect(await site.root(`nsenter -t ${main} -m ls /srv /big/srv`)).toBe("/big/srv:\nshop\n\n/srv:\nshop");
  });

  test("keeps its files where a target below a link leads, once that is there", async () => {
    await site.root("ln -s /big /var/more");
    const shared = "shared: [{path: uploads, target: /var/more/files}]\n";
    site.project.commit({
      "djdeploy.yml": `${shared}${site.project.read("djdeploy.yml")}`,
      "shop/views.py": `${site.project.read("shop/views.py")}\n\nopen("uploads/written", "w").close()\n`,
    });
    const missing = await setup();
    expect(missing.code, missing.said).toBe(1);
    const [, command = "false"] =
      /\/var\/more\/files, where shared: leads to, is not there: (install .*)/.exec(missing.said) ?? [];
    await site.root(command);
    const ready = await setup();
    expect(ready.code, ready.said).toBe(0);
    await deployed("three");
    expect(await site.root("stat -c %U /big/files/written")).toBe("shop");
  });
});
