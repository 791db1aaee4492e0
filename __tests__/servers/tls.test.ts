import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Site, startSite, told } from "../hosts/support/site.ts";
import { type Pebble, startPebble } from "./pebble.ts";

/** `tls: certbot` against Let's Encrypt's own test authority, with Debian's certbot and nginx. */
describe("a certificate that setup gets", () => {
  let site: Site;
  let pebble: Pebble;
  let yml: string;
  const names = ["shop.example.com", "www.shop.example.com"];

  beforeAll(async () => {
    site = await startSite("systemd");
    pebble = await startPebble(site.host, [...names, "gone.example.com"]);
    yml = site.project.read("djdeploy.yml");
  });
  afterAll(async () => {
    await pebble?.stop();
    await site?.stop();
  });

  const configure = (more: string) =>
    site.project.commit({
      "djdeploy.yml": `${yml.replace(/url: .*/, "url: https://shop.example.com")}${more}`,
    });
  const asked = () => `    tls: {certbot: {server: "${pebble.directory}"}}\n`;
  const shown = () =>
    site.root(
      `openssl s_client -connect 127.0.0.1:443 -servername shop.example.com </dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName -fingerprint -sha256`,
    );
  const setup = async () => {
    const done = await site.setup().ended;
    return { code: done.code, said: done.stdout + done.stderr };
  };

  test("the site is served over HTTPS, plain HTTP leads there, and a deploy is seen serving", async () => {
    configure(asked());
    const done = await setup();
    expect(done.code, done.said).toBe(0);
    expect(await shown()).toContain("DNS:shop.example.com");
    const page = await site.page("/some/page");
    expect([page.status, page.headers.location]).toEqual([301, "https://shop.example.com/some/page"]);
    const deployed = await site.act("deploy");
    expect(deployed.code, told(deployed)).toBe(0);
    expect(told(deployed)).toContain("https://127.0.0.1:443 answered 200");
    expect(await site.status()).toMatchObject({ proven: true });
  });

  test("a second setup changes nothing", async () => {
    const before = await shown();
    const done = await setup();
    expect(done.code, done.said).toBe(0);
    expect(done.said).toMatch(/nothing to change|unchanged/);
    expect(await shown()).toBe(before);
  });

  test("a name that is added later gets its place in the certificate", async () => {
    configure(`${asked()}    domains: [${names.join(", ")}]\n`);
    const done = await setup();
    expect(done.code, done.said).toBe(0);
    expect(await shown()).toContain("DNS:shop.example.com, DNS:www.shop.example.com");
  });

  test("certbot's own renewal is shown at once", async () => {
    const before = await shown();
    await site.root("certbot renew --force-renewal --no-random-sleep-on-renew --cert-name shop 2>&1");
    expect(await shown()).not.toBe(before);
  });
});
