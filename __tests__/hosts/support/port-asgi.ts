import { expect, test } from "vitest";
import { describeLoad, startLoad } from "../../../lab/load.ts";
import { connectedShop, openWebsocket, visit } from "./connected.ts";
import { footprint } from "./leftovers.ts";
import { deployed } from "./port-site.ts";
import { type Site, told } from "./site.ts";

/**
 * Nobody stands before a release on a port: what happens behind nginx to those who are connected, the server does alone
 * here. `yml` serves shop.asgi with uvicorn on a port and stops it within a few seconds.
 */
export function testConnectedOnPort(siteNow: () => Site, port: number, yml: string): void {
  const load = ({ host }: Site, keepAlive: boolean) =>
    startLoad({
      url: `http://${host.address}:${port}/where/`,
      headers: { host: "shop.example.com" },
      ...{ clients: 2, pauseMs: 50, keepAlive },
    });

  test("who is connected on a port when a release ends", async () => {
    const site = siteNow();
    const at = { address: site.host.address, port };
    site.project.commit({ ...connectedShop, "djdeploy.yml": yml });
    site.project.version("before");
    await deployed(site, "--force", "another application");
    const long = visit(at, "/wait/?s=4");
    const upload = visit(at, "/upload/", Array(10).fill("x".repeat(1000)));
    const stream = visit(at, "/events/");
    const websocket = await openWebsocket(at);
    expect(await websocket.ask("hello")).toBe("before:hello");
    await stream.begun;
    const visitors = load(site, true);
    site.project.version("after");
    const done = await site.act("deploy");
    const seen = await visitors.stop();
    expect(done.code, told(done)).toBe(0);
    expect(await websocket.closed).toEqual({ code: 1012 });
    expect(await long.ended).toMatchObject({ status: 200, body: "before", whole: true });
    expect(await upload.ended).toMatchObject({ status: 200, body: "before:10000", whole: true });
    // The one that has no end of its own.
    expect(await stream.ended).toMatchObject({ status: 200, whole: false });
    expect(done.report.hosts[0], told(done)).toMatchObject({ cut: 1 });
    expect(seen.failed, describeLoad(seen)).toBe(0);
    expect((await footprint(site)).running).toEqual([done.report.release]);
  });

  test("an old release that left its visitors and could not be stopped takes them again", async () => {
    const site = siteNow();
    const before = await footprint(site);
    const slot = (await site.root("readlink /srv/shop/run/web.sock")).replace(".sock", "").trim();
    // systemd refuses to stop the old release, once.
    const refusing = `#!/bin/sh
if [ "$*" = "stop shop-web@${slot}.service" ] && mkdir /run/refused 2>/dev/null; then exit 1; fi
exec /usr/bin/systemctl.real "$@"
`;
    await site.root("mv /usr/bin/systemctl /usr/bin/systemctl.real");
    await site.host.root("cat >/usr/bin/systemctl; chmod 755 /usr/bin/systemctl", { input: refusing });
    const visitors = load(site, false);
    site.project.version("never");
    const done = await site.act("deploy");
    const seen = await visitors.stop();
    await site.root("mv /usr/bin/systemctl.real /usr/bin/systemctl; rmdir /run/refused");
    expect(done.code, told(done)).toBe(1);
    expect(done.report.result).toBe("reverted");
    expect(done.stdout).toContain(`the process manager did not stop ${slot}`);
    expect(seen.failed, describeLoad(seen)).toBe(0);
    expect((await site.page("/where/")).body).toContain(before.live);
    expect(await site.status()).toMatchObject({ proven: true, release: before.live });
    expect((await footprint(site)).running).toEqual([before.live]);
  });
}
