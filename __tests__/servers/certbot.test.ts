import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Site, startSite, told } from "../hosts/support/site.ts";
import { startPebble } from "./pebble.ts";

/** Debian's certbot writes into our site: a certificate, a redirect, a server block of its own. */
describe("a site that certbot --nginx edited", () => {
  let site: Site;
  let yml: string;
  beforeAll(async () => {
    site = await startSite("systemd");
    yml = site.project.read("djdeploy.yml");
    // The installer alone, with a certificate of one's own, needs no authority.
    await site.root(`
      export DEBIAN_FRONTEND=noninteractive
      apt-get update -q && apt-get install -y -q --no-install-recommends certbot python3-certbot-nginx
      mkdir /etc/ssl/own && cd /etc/ssl/own
      openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=shop.example.com -keyout key.pem -out cert.pem
      certbot install --nginx -n --redirect -d shop.example.com --cert-path $PWD/cert.pem --key-path $PWD/key.pem --fullchain-path $PWD/cert.pem`);
  });
  afterAll(() => site?.stop());

  const act = (word: string, url: string, more = "") => {
    site.project.commit({
      "djdeploy.yml": `${yml.replace(/url: .*/, `url: ${url}`)}${more && `    ${more}\n`}`,
      "shop/version.py": `NUMBER = "${word}"\n`,
    });
    return site.act("deploy");
  };

  const green = async (word: string, url: string, more?: string) => {
    const done = await act(word, url, more);
    expect(done.code, told(done)).toBe(0);
    expect(await site.status()).toMatchObject({ proven: true, lock: null });
    return told(done);
  };

  const setup = () => site.setup().ended;

  test("its redirect is followed, whatever scheme url names", async () => {
    expect((await site.page()).headers.location).toBe("https://shop.example.com/");
    expect(await green("two", "http://shop.example.com")).toContain(
      "sends visitors on to https://shop.example.com/, and was asked there; front.scheme: https in djdeploy.yml asks there at once",
    );
    await green("three", "https://shop.example.com");
  });

  test("told that a balancer ends TLS, it is refused with the line to write, and that line makes it green", async () => {
    const done = await act("four", "https://shop.example.com", "tls: external");
    expect([done.code, done.report.result], told(done)).toEqual([1, "kept-old"]);
    const hint = String(done.events.find(({ code }) => code === "error")?.data?.["hint"]);
    const [, line = ""] =
      /write to djdeploy\.yml (front: \{scheme: https\}) in place of tls: external/.exec(hint) ?? [];
    expect(line, hint).not.toBe("");
    expect((await site.status()).problems).toMatchObject([{ fix: hint }]);
    expect(await green("five", "https://shop.example.com", line)).toContain(
      "https://127.0.0.1:443 answered 200",
    );
  });

  test("setup does not take its certificate away, and says what to write", async () => {
    const before = await site.root("cat /etc/nginx/sites-available/shop");
    const refused = await setup();
    expect(refused.code, refused.stdout + refused.stderr).toBe(7);
    expect(refused.stdout + refused.stderr).toContain(
      "write `tls: certbot` and let setup see to the certificate from now on; or set `nginx: none`",
    );
    await green("six", "https://shop.example.com", "nginx: none");
    const done = await setup();
    expect(done.code, done.stdout + done.stderr).toBe(0);
    expect(await site.root("cat /etc/nginx/sites-available/shop")).toBe(before);
  });

  test("tls: certbot takes it over: the old certificate is shown until the new one is there", async () => {
    const pebble = await startPebble(site.host, ["shop.example.com"]);
    try {
      site.project.commit({
        "djdeploy.yml": `${yml.replace(/url: .*/, "url: https://shop.example.com")}    tls: {certbot: {server: "${pebble.directory}"}}\n`,
      });
      const done = await setup();
      expect(done.code, done.stdout + done.stderr).toBe(0);
      expect(await site.root("cat /etc/nginx/sites-available/shop")).not.toContain("managed by Certbot");
      expect(await site.root("cat /etc/nginx/sites-available/shop.before-setup")).toContain(
        "managed by Certbot",
      );
      expect((await site.page()).headers.location).toBe("https://shop.example.com/");
      const deployed = await site.act("deploy");
      expect(deployed.code, told(deployed)).toBe(0);
    } finally {
      await pebble.stop();
    }
  });
});
