import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ReleasesView } from "../../src/release/types.ts";
import type { Ran } from "./support/program.ts";
import { type Manager, type Site, startSite } from "./support/site.ts";

const failing = "health: {deadline: 20s, request-timeout: 3s}\n";

/** A deploy that fails in these words, and leaves the old page, a free lock and a marked release. */
async function fails(
  site: Site,
  wanted: { exit: number; result: string; says: (string | RegExp)[] },
): Promise<Ran> {
  const ran = await site.djdeploy("deploy", "production", "--skip-lint");
  for (const words of wanted.says) expect(ran.stderr).toMatch(words);
  expect(ran.stderr).toContain(`\n${wanted.result}: `);
  expect(ran.stderr.match(/^error/gm)).toHaveLength(1);
  expect(ran.stderr).toContain("what to do: ");
  expect(ran.code).toBe(wanted.exit);
  expect((await site.page()).body).toContain("one");
  return ran;
}

/** What the host itself says after a release was made and failed. */
async function kept(site: Site, reason: string): Promise<void> {
  expect(await site.status()).toMatchObject({ proven: true, state: "live", lock: null });
  const { releases } = await site.show<ReleasesView>("releases");
  expect(releases[0]).toMatchObject({ state: "failed", live: false });
  expect(releases[0]?.reason).toContain(reason);
}

describe.each<Manager>(["systemd", "supervisord"])("a release that fails under %s", (manager) => {
  let site: Site;
  let good: string;
  beforeAll(async () => {
    site = await startSite(manager, { more: failing });
    good = site.project.git("rev-parse", "HEAD");
  });
  afterAll(() => site?.stop());
  afterEach(() => site.project.git("reset", "-q", "--hard", good));

  test("when it starts: the manager's log shows why", async () => {
    site.project.commit({ "shop/wsgi.py": `import nowhere\n${site.project.read("shop/wsgi.py")}` });
    await fails(site, {
      exit: 1,
      result: "kept-old",
      says: ["does not start on web1", 'File "shop/wsgi.py", line 1', "No module named 'nowhere'"],
    });
    await kept(site, "boot: the release does not start");
  });

  test("when its workers end and are started again for ever: at once, not after health.deadline", async () => {
    site.project.commit({
      "shop/wsgi.py": `import sys\nprint("nothing to do")\nsys.exit(0)\n${site.project.read("shop/wsgi.py")}`,
    });
    await fails(site, {
      exit: 1,
      result: "kept-old",
      says: ["does not start on web1", "its workers end before they answer", "nothing to do"],
    });
    await kept(site, "boot: the release does not start");
  });

  test("when its page hangs: without waiting for that page at its end", async () => {
    site.project.commit({
      "shop/views.py": `${site.project.read("shop/views.py")}\ndef home(request):\n    time.sleep(3600)\n`,
    });
    await fails(site, {
      exit: 1,
      result: "kept-old",
      says: ["the release starts on web1, but / does not answer within 3 s", "health.request-timeout"],
    });
    await kept(site, "boot: the release starts");
    expect(await site.root("pgrep -u shop -f 'slots|gunicorn' -c || true")).not.toBe("0");
    expect(await site.root("ls /srv/shop/run/*.sock")).not.toContain("\n/srv/shop/run/green.sock");
  });

  test("and the next good deploy works", async () => {
    site.project.commit({ "shop/version.py": 'NUMBER = "one_and_a_half"\n' });
    const done = await site.act("deploy");
    expect(done.report.result).toBe("deployed");
    expect((await site.page()).body).toContain("one_and_a_half");
  });
});

describe("what only a real host shows", () => {
  let site: Site;
  let good: string;
  beforeAll(async () => {
    site = await startSite("systemd", { more: failing });
    good = site.project.git("rev-parse", "HEAD");
  });
  afterAll(() => site?.stop());
  afterEach(() => site.project.git("reset", "-q", "--hard", good));

  const exporting = (text: string) =>
    text.replace(
      "def home(request):\n",
      'def home(request):\n    with open("exports/visits.txt", "a") as file:\n        file.write("one more\\n")\n',
    );

  test("a page that writes into the release: the line for `shared:`", async () => {
    site.project.commit({
      "exports/.keep": "",
      "shop/views.py": exporting(site.project.read("shop/views.py")),
    });
    await fails(site, {
      exit: 1,
      result: "kept-old",
      says: [
        "seen: 500, OSError: [Errno 30] Read-only file system: 'exports/visits.txt'",
        "shared: [exports/]",
      ],
    });
    await kept(site, "probe: ");
  });

  test("a start that writes into the release: the line for `shared:`", async () => {
    const write = 'open(os.path.join(os.getcwd(), "exports", "started"), "w").close()\n';
    site.project.commit({
      "exports/.keep": "",
      "shop/wsgi.py": `${site.project.read("shop/wsgi.py")}${write}`,
    });
    await fails(site, {
      exit: 1,
      result: "kept-old",
      says: ["Read-only file system", "shared: [exports/]"],
    });
    await kept(site, "boot: ");
  });

  test("with that line, it works, and what was written outlives the release", async () => {
    site.project.commit({
      "exports/.keep": "",
      "shop/views.py": exporting(site.project.read("shop/views.py")),
      "djdeploy.yml": `${site.project.read("djdeploy.yml")}shared: [exports/]\n`,
    });
    expect((await site.act("deploy")).report.result).toBe("deployed");
    expect(await site.root("cat /srv/shop/shared/exports/visits.txt")).toContain("one more");
    good = site.project.git("rev-parse", "HEAD");
  });

  test("a wrong user", async () => {
    const yml = site.project.read("djdeploy.yml");
    const file = join(site.project.folder, "djdeploy.yml");
    writeFileSync(file, yml.replace("[web1]", "[nobody@web1]"));
    await fails(site, {
      exit: 5,
      result: "kept-old",
      says: ["does not let nobody in", "authorized_keys of nobody"],
    });
    writeFileSync(file, yml);
  });

  test("a folder of another environment", async () => {
    const owner = "/srv/shop/owner.json";
    await site.root(`cp -p ${owner} /root/ && sed -i 's/"production"/"staging"/' ${owner}`);
    await fails(site, {
      exit: 7,
      result: "refused",
      says: ["/srv/shop belongs to another environment: staging"],
    });
    await site.root(`cp -p /root/owner.json ${owner}`);
  });

  test("a host that is down", async () => {
    await site.host.cable("down");
    const ran = await site.djdeploy("deploy", "production", "--skip-lint");
    await site.host.cable("up");
    expect(ran.code).toBe(5);
    expect(ran.stderr).toMatch(/port 22 (does not answer|can not be reached)/);
    expect(ran.stderr).toContain("is the host up");
  });

  test("new host keys", async () => {
    await site.root(
      "mkdir /root/keys && mv /etc/ssh/ssh_host_* /root/keys && ssh-keygen -A && systemctl restart ssh",
    );
    await fails(site, {
      exit: 5,
      result: "kept-old",
      says: ["is not the one that is pinned", "expected: ", "someone may be in between"],
    });
    await site.root("mv /root/keys/* /etc/ssh/ && systemctl restart ssh");
    expect(await site.status()).toMatchObject({ proven: true, lock: null });
  });
});
