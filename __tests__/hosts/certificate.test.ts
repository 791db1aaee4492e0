import { get } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Authority, acmeError, startAuthority } from "./support/acme.ts";
import { type Site, startSite, told } from "./support/site.ts";

// What `tls` does with Debian's own certbot and nginx: the way there, and everything that may be in it.
describe("a site with a certificate of its own", () => {
  let site: Site;
  let authority: Authority;
  let yml: string;
  const [name, www] = ["shop.example.com", "www.shop.example.com"];

  beforeAll(async () => {
    site = await startSite("systemd");
    authority = await startAuthority(site.host, [name, www]);
    yml = site.project.read("djdeploy.yml").replace(/url: .*/, `url: https://${name}`);
  });
  afterAll(async () => {
    await authority?.stop();
    await site?.stop();
  });

  const configure = (...lines: string[]) =>
    site.project.commit({ "djdeploy.yml": `${yml}${lines.map((line) => `    ${line}\n`).join("")}` });
  const asked = () => `tls: {certbot: {server: "${authority.directory}"}}`;
  const setup = async () => {
    const done = await site.setup("--format", "json").ended;
    return { code: done.code, said: done.stdout + done.stderr };
  };
  const green = async () => {
    const done = await setup();
    expect(done.code, done.said).toBe(0);
    return done.said;
  };
  const red = async (exit: number, code: string) => {
    const done = await setup();
    expect(done.code, done.said).toBe(exit);
    expect(done.said).toContain(`"error":"${code}"`);
    return done.said;
  };
  /** The certificate that visitors are shown: its names and fingerprint. */
  const shown = () =>
    site.root(
      `openssl s_client -connect 127.0.0.1:443 -servername ${name} </dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName -fingerprint -sha256`,
    );
  /** Visitors over HTTPS until `during` is over: how many of them got something else than the page. */
  const losing = async (during: () => Promise<unknown>) => {
    let [over, lost, served] = [false, 0, 0];
    const visitor = async () => {
      while (!over) {
        if ((await visit()) === 200) served++;
        else lost++;
      }
    };
    const visitors = [visitor(), visitor(), visitor(), visitor()];
    try {
      await during();
    } finally {
      over = true;
      await Promise.all(visitors);
    }
    expect(served).toBeGreaterThan(0);
    return lost;
  };
  const visit = () =>
    new Promise<number>((resolve) => {
      const to = { host: site.host.address, servername: name, headers: { host: name }, timeout: 20_000 };
      const request = get({ ...to, agent: false, rejectUnauthorized: false }, (answer) => {
        answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
      });
      request.on("error", () => resolve(0)).on("timeout", () => request.destroy(new Error("no answer")));
    });

  test("certbot gets it, visitors are sent to HTTPS, a deploy is seen serving there", async () => {
    configure(asked());
    expect(await green()).toContain("certbot: a certificate for shop.example.com from");
    expect(await shown()).toContain(`DNS:${name}`);
    const page = await site.page("/some/page?a=1");
    expect([page.status, page.headers.location]).toEqual([301, `https://${name}/some/page?a=1`]);
    const deployed = await site.act("deploy");
    expect(deployed.code, told(deployed)).toBe(0);
    expect(told(deployed)).toContain("https://127.0.0.1:443 answered 200");
    expect(await site.status()).toMatchObject({ proven: true });
  });

  test("the doctor tells how long it lasts, and that nobody here trusts this authority", async () => {
    const { code, stdout } = await site.djdeploy("doctor", "production");
    expect(code, stdout).toBe(0);
    expect(stdout).toContain(`certificate for ${name}; 89 days left`);
    expect(stdout).toContain("the certificate is not trusted here");
  });

  test("what is so already is not asked for again", async () => {
    const { orders } = authority;
    const before = await shown();
    expect(await green()).toContain("certbot's for shop.example.com: for shop.example.com, 89 days left");
    expect([await shown(), authority.orders]).toEqual([before, orders]);
  });

  test("a name that does not lead here is refused before the authority is asked, and visitors see no change", async () => {
    const { orders } = authority;
    const before = await shown();
    await site.root(
      "echo '10.99.255.254 other.example.com' >>/etc/hosts; ip route add unreachable 10.99.255.254",
    );
    configure(asked(), `domains: [${name}, nowhere.example.com]`);
    const said = await red(1, "setup.challenge");
    expect(said).toContain("nowhere.example.com has no address");
    expect(said).toContain("No authority was asked");
    expect([await shown(), authority.orders]).toEqual([before, orders]);
    expect(await visit()).toBe(200);
  });

  test.each([
    [
      acmeError(
        "rateLimited",
        "too many certificates (5) already issued for this exact set of domains, retry after 2026-12-07T10:00:00Z",
        429,
      ),
      "the authority's limit is reached (too many certificates): wait until 2026-12-07T10:00:00Z",
    ],
    [
      acmeError("serverInternal", "The service is down for maintenance", 503),
      "The service is down for maintenance",
    ],
  ])("an authority that refuses the order (%s)", async (refusal, why) => {
    const before = await shown();
    configure(asked(), `domains: [${name}, ${www}]`);
    authority.refuseOrder = refusal;
    try {
      const said = await red(1, "setup.failed");
      expect(said).toContain("the site stays on what it had");
      expect(said).toContain(why);
    } finally {
      authority.refuseOrder = null;
    }
    expect(await shown()).toBe(before);
  });

  test("a CAA record that the authority sees", async () => {
    authority.refuseChallenge = acmeError("caa", `CAA record for ${www} prevents issuance`, 403);
    try {
      expect(await red(1, "setup.failed")).toContain(
        `let a CAA record of ${www} name this authority, or remove them`,
      );
    } finally {
      authority.refuseChallenge = null;
    }
  });

  test("a name that is added later, and a renewal, cost no visitor anything", async () => {
    expect(await losing(green)).toBe(0);
    const before = await shown();
    expect(before).toContain(`DNS:${name}, DNS:${www}`);
    const renew = "certbot renew --force-renewal --no-random-sleep-on-renew --cert-name shop 2>&1";
    expect(await losing(() => site.root(renew))).toBe(0);
    expect(await shown()).not.toBe(before);
  });

  describe("files of the user's own", () => {
    const own = "tls: {certificate: /etc/ssl/own/site.pem, key: /etc/ssl/own/site.key}";
    const make = (more = "-days 60", names = `DNS:${name},DNS:${www}`) =>
      site.root(`
        mkdir -p /etc/ssl/own && cd /etc/ssl/own && umask 077
        [ -e ca.pem ] || openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=own -keyout ca.key -out ca.pem 2>/dev/null
        rm -f site.key; openssl req -newkey rsa:2048 -nodes -subj /CN=${name} -keyout site.key -out site.csr 2>/dev/null
        echo 'subjectAltName=${names}' >ext
        openssl x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial ${more} -extfile ext 2>/dev/null >leaf.pem
        cat leaf.pem ca.pem >site.pem`);

    test("are shown, and again when they were replaced, without a lost request", async () => {
      configure(own, `domains: [${name}, ${www}]`);
      await make();
      expect(await losing(green)).toBe(0);
      const before = await shown();
      expect(before).toContain(`DNS:${name}`);
      await make();
      expect(await losing(green)).toBe(0);
      expect(await shown()).not.toBe(before);
    });

    test.each([
      [
        "that are not there",
        () => site.root("rm /etc/ssl/own/site.key"),
        "/etc/ssl/own/site.key is not there",
      ],
      [
        "of another key",
        () => site.root("openssl genrsa -out /etc/ssl/own/site.key 2>/dev/null"),
        "does not fit",
      ],
      [
        "that everybody reads",
        () => site.root("chmod 644 /etc/ssl/own/site.key"),
        "chmod 600 /etc/ssl/own/site.key",
      ],
      [
        "in a folder of a user's",
        () => site.root("chown shop /etc/ssl/own"),
        "/etc/ssl/own, which somebody else may write",
      ],
      ["for other names", () => make("-days 60", `DNS:${name}`), `is not for ${www}`],
      ["that have expired", () => make("-days -1"), "has expired"],
      [
        "in the wrong order",
        () => site.root("cd /etc/ssl/own; cat ca.pem leaf.pem >site.pem"),
        "/etc/ssl/own/site.key does not fit",
      ],
      [
        "with a chain of somebody else's",
        () =>
          site.root(
            "cd /etc/ssl/own; openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=else -keyout /dev/null -out else.pem 2>/dev/null; cat leaf.pem else.pem >site.pem",
          ),
        "holds a chain that leads nowhere",
      ],
      ["that are no certificate", () => site.root("echo hello >/etc/ssl/own/site.pem"), "is no certificate"],
    ])("are refused %s, and the site shows what it had", async (_what, spoil, why) => {
      await site.root("chown root /etc/ssl/own");
      await make();
      const before = await shown();
      await spoil();
      expect(await red(7, "setup.certificate")).toContain(why);
      expect(await shown()).toBe(before);
    });
  });
});
