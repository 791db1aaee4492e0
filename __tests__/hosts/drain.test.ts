import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeLoad, startLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";
import { connectedShop, openWebsocket, visit } from "./support/connected.ts";
import { footprint } from "./support/leftovers.ts";
import { deployed } from "./support/port-site.ts";
import { reached } from "./support/reached.ts";
import { type Acted, type Site, shopYml, startSite, told } from "./support/site.ts";

const cuts = (done: Acted) => done.events.filter((event) => event.code === "connections.cut");
const step = (done: Acted, name: string) =>
  done.events.find((event) => event.code === "step.done" && event.step === name);

describe("who is connected when a release ends, behind nginx", () => {
  let site: Site;
  let at: { address: string; port: number };
  beforeAll(async () => {
    site = await startSite("systemd");
    at = { address: site.host.address, port: 80 };
    site.project.commit({
      ...connectedShop,
      // One environment for all, so that no deploy waits for the index.
      "requirements.txt":
        "Django==5.2.19\nwhitenoise==6.12.0\nuvicorn==0.54.0\nuvicorn-worker==0.4.0\nwebsockets==17.4\nhypercorn==0.18.0\ndaphne==4.2.3\ngunicorn==27.0.1\n",
    });
    serve("uvicorn", 40);
    await deployed(site);
  });
  afterAll(() => site?.stop());

  /** The server of the next release, and how long it may take to finish. */
  const serve = (kind: string, seconds: number) => {
    site.project.version(`of_${kind}`);
    site.project.commit({
      "djdeploy.yml": shopYml("systemd", `drain: {max: ${seconds}s}\n`)
        .replace("workers: 2", `workers: 2, kind: ${kind}, stop-timeout: ${seconds}s`)
        .replace("app: shop", "app: shop\ndjango: {application: shop.asgi:application}"),
    });
  };

  const keepAlive = () =>
    startLoad({
      url: `http://${at.address}/where/`,
      headers: { host: "shop.example.com" },
      ...{ clients: 2, pauseMs: 50, keepAlive: true },
    });

  test("a request of half a minute, an answer that streams, an upload, keep-alive: all are whole", async () => {
    const long = visit(at, "/wait/?s=30");
    const stream = visit(at, "/events/?n=50");
    const websocket = await openWebsocket(at);
    expect(await websocket.ask("hello")).toBe("of_uvicorn:hello");
    await stream.begun;
    const upload = visit(at, "/upload/", Array(20).fill("x".repeat(1000)));
    const load = keepAlive();
    serve("hypercorn", 6);
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(await websocket.closed).toEqual({ code: 1012 });
    const again = await openWebsocket(at);
    expect(await again.ask("hello")).toBe("of_hypercorn:hello");
    again.leave();
    expect(await long.ended).toMatchObject({ status: 200, body: "of_uvicorn", whole: true });
    expect((await stream.ended).body).toMatch(/of_uvicorn 49\n\nevent: end/);
    expect(await upload.ended).toMatchObject({ status: 200, body: expect.stringMatching(/^of_.+:20000$/) });
    const seen = await load.stop();
    expect(seen.failed, describeLoad(seen)).toBe(0);
    expect(cuts(done)).toEqual([]);
    expect(done.report.hosts[0]).toMatchObject({ cut: 0 });
  });

  // An event stream has no end: it is waited for as long as the limits say, cut, and counted.
  test.each([
    { kind: "hypercorn", next: "daphne", code: 1012, key: "drain.max" },
    { kind: "daphne", next: "gunicorn", code: 4012, key: "drain.max" },
    { kind: "gunicorn", next: "gunicorn", code: 1012, key: "server.stop-timeout" },
  ])(
    "$kind: a request is finished, a websocket closed, an endless stream cut",
    async ({ next, code, ...of }) => {
      const long = visit(at, "/wait/?s=4");
      const stream = visit(at, "/events/");
      const websocket = await openWebsocket(at);
      expect(await websocket.ask("hello")).toBe(`of_${of.kind}:hello`);
      await stream.begun;
      const load = keepAlive();
      serve(next, 6);
      site.project.version(`of_${next}`);
      const done = await site.act("deploy", "--force", "another server");
      expect(done.code, told(done)).toBe(0);
      expect(await websocket.closed).toEqual({ code });
      expect(await long.ended).toMatchObject({ status: 200, body: `of_${of.kind}`, whole: true });
      expect(await stream.ended).toMatchObject({ status: 200, whole: false });
      const seen = await load.stop();
      expect(seen.failed, describeLoad(seen)).toBe(0);
      expect(cuts(done), told(done)).toMatchObject([
        { level: "warning", host: "web1", step: "stop-old", data: { connections: 1, key: of.key } },
      ]);
      expect(done.report.hosts[0]).toMatchObject({ cut: 1 });
      expect((await footprint(site)).running).toEqual([done.report.release]);
    },
  );

  test("a run that died while it waited: the next one waits for the busy slot, ends it and counts", async () => {
    const load = keepAlive();
    const stream = visit(at, "/events/");
    await stream.begun;
    const long = visit(at, "/wait/?s=5");
    serve("gunicorn", 6);
    const dying = site.begin("deploy", "production", "--format", "json", "--force", "again");
    await reached(dying, "stop-old");
    dying.child.kill("SIGKILL");
    await dying.ended;
    const done = await site.act("deploy", "--force", "once more");
    expect(done.code, told(done)).toBe(0);
    expect(await long.ended).toMatchObject({ status: 200, whole: true });
    expect(await stream.ended).toMatchObject({ whole: false });
    expect(cuts(done), told(done)).toMatchObject([{ step: "recover", data: { connections: 1 } }]);
    expect(done.report.hosts[0]).toMatchObject({ cut: 1 });
    const seen = await load.stop();
    expect(seen.failed, describeLoad(seen)).toBe(0);
    expect((await footprint(site)).running).toEqual([done.report.release]);
  });

  test("nginx with connections that it keeps: they go to the new release, none is lost", async () => {
    await site.root(`
      sed -i 's/fail_timeout=0;/fail_timeout=0;\\n  keepalive 8;/; s/"" close;/"" "";/' /etc/nginx/sites-available/shop
      nginx -s reload`);
    const load = keepAlive();
    await waitFor(() => load.now().ok > 20, { timeoutMs: 20_000, what: "kept connections" });
    serve("uvicorn", 6);
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    const seen = await load.stop();
    expect(seen.failed, describeLoad(seen)).toBe(0);
    expect(done.report.hosts[0]).toMatchObject({ cut: 0 });
  });
});

describe("supervisord", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite("supervisord");
  });
  afterAll(() => site?.stop());

  test("a run that died while it waited: the busy slot is waited for, its request is answered", async () => {
    const at = { address: site.host.address, port: 80 };
    const long = visit(at, "/slow/?s=25");
    site.project.version("two");
    const dying = site.begin("deploy", "production", "--format", "json");
    await reached(dying, "stop-old");
    await waitFor(async () => (await site.root("supervisorctl status || true")).includes("STOPPING"), {
      timeoutMs: 20_000,
      what: "supervisord to wait for it",
    });
    dying.child.kill("SIGKILL");
    await dying.ended;
    site.project.version("three");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(await long.ended).toMatchObject({ status: 200, body: expect.stringContaining("one") });
    expect(step(done, "recover")).toBeTruthy();
    expect(done.report.hosts[0]).toMatchObject({ cut: 0 });
    expect((await footprint(site)).running).toEqual([done.report.release]);
  });
});
