import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootHost, type LabHost } from "../../lab/host.ts";
import { describeLoad, startLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import type { StatusView } from "../../src/release/types.ts";
import { ownEngine } from "./support/own-engine.ts";
import { page } from "./support/page.ts";
import { newProject } from "./support/project.ts";
import { attachSite, type Site, shopLayer, sshConfig, told } from "./support/site.ts";

const names = ["web1", "web2"];

const yml = (balancer: string, failures = 0) => `app: shop
server: {workers: 2}
test: {command: false}
env:
  secrets: [SECRET_KEY]
  vars: {SECURE_SSL_REDIRECT: "on"}
health: {path: /where/}
environments:
  production:
    url: https://shop.example.com
    hosts: [${names.join(", ")}]
    front: {trusted-proxies: [${balancer}]}
    rollout: {max-failures: ${failures}}
`;

/** Well on the private socket, broken behind nginx. */
const brokenOn = (host: string) => `
import socket
from shop import views

def _where(request):
    assert not (socket.gethostname() == "${host}" and request.headers.get("X-Real-IP"))
    return views.where(request)

urlpatterns.insert(0, path("where/", _where))
`;

const haproxy = (hosts: LabHost[]) => `defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
frontend site
  bind :443 ssl crt /etc/haproxy/site.pem
  option forwardfor
  http-request set-header X-Forwarded-Proto https
  default_backend web
backend web
  option httpchk
  http-check send meth GET uri /where/ hdr Host shop.example.com hdr X-Forwarded-Proto https
${hosts.map(({ address, name }) => `  server ${name} ${address}:80 check inter 500ms`).join("\n")}
`;

// HAProxy of Debian's ends TLS on a third host, before two that know nothing of certificates.
describe("a balancer that ends TLS", () => {
  const hosts: LabHost[] = [];
  let balancer: LabHost;
  let site: Site;

  beforeAll(async () => {
    const layer = await shopLayer("systemd", "bookworm");
    const [lb, ...webs] = await Promise.all([
      bootHost({ base: "bookworm", name: "lb" }),
      ...names.map((name) => bootHost({ layer, name })),
    ]);
    balancer = lb as LabHost;
    hosts.push(...webs);
    const [first, second] = hosts as [LabHost, LabHost];
    site = attachSite(first, layer.data.key, newProject(yml(balancer.address)));
    appendFileSync(site.reach[1] ?? "", sshConfig(second, "web2"));
    await second.root("cat >>/root/.ssh/authorized_keys", {
      input: String(execFileSync("ssh-keygen", ["-y", "-f", first.privateKeyFile])),
    });
    const made = await balancer.root(
      `set -e; export DEBIAN_FRONTEND=noninteractive
       apt-get -q -y install --no-install-recommends haproxy openssl >/dev/null
       openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.example.com -keyout /tmp/k -out /tmp/c 2>/dev/null
       cat /tmp/c /tmp/k >/etc/haproxy/site.pem; cat >/etc/haproxy/haproxy.cfg; systemctl restart haproxy`,
      { input: haproxy(hosts) },
    );
    expect(made.code, made.stderr).toBe(0);
    site.project.commit({
      ...ownEngine.files,
      "shop/production.py": `${site.project.read("shop/production.py")}${ownEngine.settings}`,
    });
    const set = await site.setup().ended;
    expect(set.code, set.stdout + set.stderr).toBe(0);
  });
  afterAll(async () => {
    await site?.stop();
    await Promise.all([balancer, ...hosts].map((host) => host?.stop()));
  });

  const where = () => throughBalancer(balancer.address);
  const status = async () => (await site.show<StatusView>("status")).hosts;

  test("a site that redirects to HTTPS deploys green behind it", async () => {
    const done = await site.act("deploy", "--force", "another database");
    expect(done.code, told(done)).toBe(0);
    await waitFor(async () => (await where())?.version === "one", {
      timeoutMs: 20_000,
      what: "HAProxy to see the hosts up",
    });
    expect(await where()).toMatchObject({ version: "one", scheme: "https" });
  });

  test("0 requests through it fail while the next one goes live", async () => {
    site.project.version("two");
    const load = startLoad({
      url: "https://shop.example.com/where/",
      address: balancer.address,
      clients: 4,
      check: ({ body }) => JSON.parse(body).scheme === "https" || "the scheme is lost",
    });
    const done = await site.act("deploy");
    const result = await load.stop();
    expect(done.code, told(done)).toBe(0);
    expect(result.failed, describeLoad(result)).toBe(0);
    expect((await where())?.version).toBe("two");
  });

  test("who is no balancer can not say how it came, nor from where", async () => {
    const [first] = hosts as [LabHost];
    const forged = {
      host: "shop.example.com",
      "x-forwarded-proto": "https",
      "x-forwarded-for": "192.0.2.66",
    };
    const answer = await page(first.address, "/where/", forged);
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe("https://shop.example.com/where/");
    const log = await site.root("cat /var/log/nginx/shop.access.log");
    expect(log).not.toContain("192.0.2.66");
    // Visitors that come through the balancer are logged by their own address; only its own checks by its.
    expect(log).not.toMatch(new RegExp(`^${balancer.address} .*HTTP/1.1`, "m"));
    expect(log).toMatch(/GET \/where\/ HTTP\/1.1" 200 .*"-" "-"/);
  });

  test("with max-failures a host that fails is left out and taken back, the rest go on, and the run is red", async () => {
    const before = (await status())[1]?.release ?? null;
    site.project.commit({ "djdeploy.yml": yml(balancer.address, 1) });
    const urls = site.project.read("shop/urls.py");
    site.project.version("three");
    site.project.commit({ "shop/urls.py": `${urls}${brokenOn("web2")}` });
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(8);
    expect(done.report).toMatchObject({ result: "partial", previousRelease: before });
    const release = done.report.release;
    expect(done.report.hosts).toMatchObject([
      { host: "web1", result: "deployed", release },
      { host: "web2", result: "reverted", release: before },
    ]);
    expect(await status()).toMatchObject([
      { release, proven: true },
      { release: before, proven: true },
    ]);
    // A canary is there to fail: then nobody gets the release.
    site.project.commit({ "shop/urls.py": `${urls}${brokenOn("web1")}` });
    const canary = await site.act("deploy");
    expect(canary.code, told(canary)).toBe(1);
    expect(await status()).toMatchObject([
      { release, proven: true },
      { release: before, proven: true },
    ]);
    site.project.commit({ "shop/urls.py": urls });
  });

  test("a host that is down is left out as well, and the next deploy reaches it", async () => {
    const sshd = (verb: string) => hosts[1]?.root(`systemctl ${verb} ssh.service`);
    await sshd("stop ssh.socket");
    site.project.version("four");
    const text = await site.djdeploy("deploy", "production", "--format", "pretty");
    await sshd("start");
    expect(text.code, text.stdout + text.stderr).toBe(8);
    expect(text.stderr).toContain("web2: was not reached");
    expect((await where())?.version).toMatch(/four|two/);
    expect((await status())[0]).toMatchObject({
      revision: site.project.git("rev-parse", "HEAD"),
      proven: true,
    });
    const next = await site.act("deploy");
    expect(next.code, told(next)).toBe(0);
    expect((await status()).map((row) => row.release)).toEqual([next.report.release, next.report.release]);
  });
});

interface Where {
  version: string;
  scheme: string;
}

/** What the page says through the balancer's own port; null while it has no host to ask. */
function throughBalancer(host: string): Promise<Where | null> {
  const options = {
    host,
    path: "/where/",
    headers: { host: "shop.example.com" },
    rejectUnauthorized: false,
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const asked = request(options, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      answer.on("end", () => resolve(answer.statusCode === 200 ? (JSON.parse(body) as Where) : null));
    });
    asked.on("error", reject).end();
  });
}
