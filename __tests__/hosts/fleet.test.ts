import { appendFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootHost, type LabHost } from "../../lab/host.ts";
import { describeLoad, startLoad } from "../../lab/load.ts";
import { ExitCode } from "../../src/errors.ts";
import type { StatusView } from "../../src/release/types.ts";
import { page } from "./support/page.ts";
import { newProject } from "./support/project.ts";
import { attachSite, type Site, shopLayer, sshConfig, told } from "./support/site.ts";

const names = ["web1", "web2", "web3"];

const yml = (database: string) => `app: shop
server: {workers: 2}
test: {command: false}
env:
  secrets: [SECRET_KEY]
  vars: {DATABASE_HOST: ${database}}
environments:
  production:
    url: http://shop.example.com
    hosts: [${names.join(", ")}]
`;

const postgres = `
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "USER": "shop",
        "HOST": os.environ["DATABASE_HOST"],
    }
}
`;

const brokenBehindNginx = `
import socket
from shop import views

def _home(request, plain=views.home):
    assert not (socket.gethostname() == "web3" and request.headers.get("X-Real-IP"))
    return plain(request)

urlpatterns[0] = path("", _home)
`;

// Three web hosts; the first holds the database, too.
describe("three hosts", () => {
  const hosts: LabHost[] = [];
  let site: Site;

  beforeAll(async () => {
    const layer = await shopLayer("systemd", "bookworm");
    hosts.push(...(await Promise.all(names.map((name) => bootHost({ layer, name })))));
    const [first] = hosts as [LabHost];
    site = attachSite(first, layer.data.key, newProject(yml(first.address)));
    for (const [index, host] of hosts.slice(1).entries()) {
      appendFileSync(site.reach[1] ?? "", sshConfig(host, names[index + 1]));
    }
    await site.root(
      `export DEBIAN_FRONTEND=noninteractive; apt-get -q -y install --no-install-recommends postgresql >/dev/null
       cd /tmp; su postgres -c "createuser shop; createdb -O shop shop"
       echo "listen_addresses = '*'" >>/etc/postgresql/15/main/postgresql.conf
       echo "host shop shop 10.99.0.0/16 trust" >>/etc/postgresql/15/main/pg_hba.conf
       systemctl restart postgresql`,
    );
    site.project.commit({
      "shop/production.py": `${site.project.read("shop/production.py")}${postgres}`,
      "requirements.txt": `${site.project.read("requirements.txt")}psycopg[binary]==3.2.10\n`,
    });
    const done = await site.act("deploy", "--force", "from SQLite to PostgreSQL");
    expect(done.code, told(done)).toBe(0);
  });
  afterAll(async () => {
    await site?.stop();
    await Promise.all(hosts.map((host) => host.stop()));
  });

  const releases = async () =>
    (await site.show<StatusView>("status")).hosts.map(({ release, proven }) => ({ release, proven }));
  const bodies = () => Promise.all(hosts.map(async (host) => (await page(host.address, "/")).body));

  test("a canary first, then the rest, and no request is lost on any", async () => {
    site.project.version("two");
    const loads = hosts.map((host) =>
      startLoad({ url: `http://${host.address}/`, headers: { host: "shop.example.com" }, clients: 2 }),
    );
    const done = await site.act("deploy");
    const results = await Promise.all(loads.map((load) => load.stop()));
    expect(done.code, told(done)).toBe(0);
    expect(done.report.hosts.map(({ host, result }) => [host, result])).toEqual(
      names.map((name) => [name, "deployed"]),
    );
    for (const result of results) expect(result.failed, describeLoad(result)).toBe(0);
    const at = (code: string, step: string, host: string) =>
      done.events.findIndex((event) => event.code === code && event.step === step && event.host === host);
    // All hosts have booted it before any is switched; the canary is proven before the next one is.
    expect(Math.max(...names.map((name) => at("step.done", "boot", name)))).toBeLessThan(
      at("step.start", "switch", "web1"),
    );
    expect(at("step.done", "prove", "web1")).toBeLessThan(at("step.start", "switch", "web2"));
    // Migrated once, not on each host.
    expect(
      done.events.filter((event) => event.code === "step.start" && event.step === "migrate"),
    ).toHaveLength(1);
    for (const body of await bodies()) expect(body).toContain("version two");
  });

  test("a release that starts on all but one is switched to on none", async () => {
    const before = await releases();
    const wsgi = site.project.read("shop/wsgi.py");
    site.project.commit({ "shop/wsgi.py": `import socket\nassert socket.gethostname() != "web2"\n${wsgi}` });
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(1);
    expect(done.report.result).toBe("kept-old");
    expect(done.events.filter((event) => event.step === "switch")).toEqual([]);
    expect(await releases()).toEqual(before);
    site.project.commit({ "shop/wsgi.py": wsgi });
  });

  test("one that fails behind the switch brings every switched host back", async () => {
    const before = await releases();
    // Well on its own socket, broken behind nginx, on the last host only.
    const urls = site.project.read("shop/urls.py");
    site.project.version("three");
    site.project.commit({ "shop/urls.py": `${urls}${brokenBehindNginx}` });
    const done = await site.act("deploy");
    site.project.commit({ "shop/urls.py": urls });
    expect(done.code, told(done)).toBe(1);
    expect(done.report.hosts.map(({ result }) => result)).toContain("reverted");
    expect(await releases()).toEqual(before);
    for (const body of await bodies()) expect(body).toContain("version two");
    const { hosts: rows } = await site.show<StatusView>("status");
    expect(rows.map(({ state }) => state)).toEqual(["live", "live", "live"]);
  });

  test("a host whose web server is down is seen before anything is switched", async () => {
    const before = await releases();
    await hosts[2]?.root("systemctl stop nginx");
    const done = await site.act("deploy");
    await hosts[2]?.root("systemctl start nginx");
    expect(done.code, told(done)).toBe(1);
    expect(done.stdout).toContain("nothing answers at the front door of web3");
    expect(done.events.filter((event) => event.step === "switch")).toEqual([]);
    expect(await releases()).toEqual(before);
  });

  test("a host that is down is seen before anything is touched", async () => {
    const before = await releases();
    await hosts[1]?.root("systemctl stop ssh.socket ssh.service");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(5);
    expect(done.events.filter((event) => event.step === "upload")).toEqual([]);
    const status = await site.show<StatusView>("status");
    expect(status.hosts.map(({ proven }) => proven)).toEqual([true, false, true]);
    await hosts[1]?.root("systemctl start ssh.service");
    expect(await releases()).toEqual(before);
  });

  test("SQLite is refused, also where a URI names the file", async () => {
    const before = await releases();
    const settings = site.project.read("shop/production.py");
    const sqlite = `DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:db.sqlite3?mode=rwc"}}\n`;
    site.project.commit({ "shop/production.py": `${settings}${sqlite}` });
    const done = await site.act("deploy", "--force", "from PostgreSQL to SQLite");
    site.project.commit({ "shop/production.py": settings });
    expect(done.code, told(done)).toBe(ExitCode.refused);
    expect(done.stdout).toContain("SQLite cannot serve several hosts");
    expect(done.events.filter((event) => event.step === "migrate")).toEqual([]);
    expect(await releases()).toEqual(before);
  });

  test("the next good deploy and a rollback reach all", async () => {
    const good = await site.act("deploy");
    expect(good.code, told(good)).toBe(0);
    for (const body of await bodies()) expect(body).toContain("version three");
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
    for (const body of await bodies()) expect(body).toContain("version two");
  });
});
