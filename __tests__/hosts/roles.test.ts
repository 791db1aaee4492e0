import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootHost, type LabHost } from "../../lab/host.ts";
import { waitFor } from "../../lab/wait.ts";
import type { StatusView } from "../../src/release/types.ts";
import { ownEngine } from "./support/own-engine.ts";
import { newProject } from "./support/project.ts";
import {
  type Acted,
  attachSite,
  type Manager,
  type Site,
  shopLayer,
  sshConfig,
  told,
} from "./support/site.ts";
import { ticker, ticks } from "./support/ticker.ts";

const yml = (manager: Manager) => `app: shop
server: {manager: ${manager}, workers: 2}
test: {command: false}
env: {secrets: [SECRET_KEY]}
processes:
  worker: {command: python -m shop.ticker, min-uptime: 500ms, stop-timeout: 10s, roles: [jobs]}
environments:
  production:
    url: http://shop.example.com
    hosts: [{host: jobs1, roles: [jobs]}, web1]
`;

const brokenBehindNginx = `
from shop import views

def _home(request, plain=views.home):
    assert not request.headers.get("X-Real-IP")
    return plain(request)

urlpatterns[0] = path("", _home)
`;

// The jobs host was a web host before: the same disk as the other.
describe.each<Manager>(["systemd", "supervisord"])("a host without web under %s", (manager) => {
  let web: LabHost;
  let jobs: LabHost;
  let site: Site;

  beforeAll(async () => {
    const layer = await shopLayer(manager, "bookworm");
    [web, jobs] = (await Promise.all(["web1", "jobs1"].map((name) => bootHost({ layer, name })))) as [
      LabHost,
      LabHost,
    ];
    site = attachSite(web, layer.data.key, newProject(yml(manager)));
    appendFileSync(site.reach[1] ?? "", sshConfig(jobs, "jobs1"));
    const mine = execFileSync("ssh-keygen", ["-y", "-f", web.privateKeyFile]);
    await jobs.root("cat >>/root/.ssh/authorized_keys", { input: String(mine) });
    site.project.commit({
      ...ownEngine.files,
      "shop/production.py": `${site.project.read("shop/production.py")}${ownEngine.settings}`,
      "shop/ticker.py": ticker,
    });
  });
  afterAll(async () => {
    await Promise.all([site?.stop(), jobs?.stop()]);
  });

  const setup = () => site.setup().ended;
  const status = async () => (await site.show<StatusView>("status")).hosts;
  const onJobs = async (command: string) => (await jobs.root(command)).stdout.trim();
  const versions = async () =>
    (await onJobs(`cat ${ticks}`)).split("\n").map((line) => line.split(" ").slice(0, 2).join(" "));
  const stepsOn = (done: Acted, host: string) =>
    done.report.steps.filter((step) => step.host === host).map(({ step }) => step);
  /** Both hosts run one release, and each proves it. */
  const together = async (release: string | null) => {
    const [job, page] = await status();
    expect(job, JSON.stringify(job)).toMatchObject({
      host: "jobs1",
      release,
      slot: null,
      workers: 0,
      proven: true,
      state: "live",
    });
    expect(page, JSON.stringify(page)).toMatchObject({ host: "web1", release, proven: true });
    expect(job?.processes).toMatchObject([{ name: "worker", release }]);
  };

  test("one that was set up for the web says so; setup takes the web away from it", async () => {
    const done = await site.act("deploy", "--force", "another database");
    expect(done.code, told(done)).toBe(1);
    expect(told(done)).toContain("jobs1 is not set up for these roles");
    expect(JSON.stringify(done.events)).toContain("host.other-door");
    const set = await setup();
    expect(set.code, set.stdout + set.stderr).toBe(0);
    expect((await setup()).stdout).toContain("nothing had to be changed");
    expect(await onJobs("pgrep -u shop -c gunicorn || true")).toBe("0");
    const left = await onJobs(
      "ls /etc/nginx/sites-enabled /etc/systemd/system /etc/systemd/system/*.wants; grep -o 'program:.*' /etc/supervisor/conf.d/*",
    );
    expect(left).not.toMatch(/shop$|shop-web/m);
  });

  test("its processes move before the web does; nothing of the web is done there", async () => {
    site.project.version("two");
    const done = await site.act("deploy", "--force", "another database");
    expect(done.code, told(done)).toBe(0);
    await together(done.report.release);
    const steps = stepsOn(done, "jobs1");
    for (const step of ["front", "boot", "backup", "migrate", "probe", "drain", "stop-old"])
      expect(steps).not.toContain(step);
    expect(stepsOn(done, "web1")).toContain("migrate");
    const at = (step: string, host: string) =>
      done.events.findIndex(
        (event) => event.code === "step.done" && event.step === step && event.host === host,
      );
    expect(at("processes", "jobs1")).toBeLessThan(at("switch", "web1"));
    expect(await versions()).toEqual(["start two"]);
    const plan = await site.djdeploy("plan", "production");
    expect(plan.stdout).toContain("current names the release");
    expect((await site.act("deploy")).report.result).toBe("unchanged");
    await jobs.reboot();
    await waitFor(async () => (await onJobs("pgrep -u shop -fc shop.ticker || true")) === "1", {
      timeoutMs: 60_000,
      what: "the worker after the reboot",
    });
    await together(done.report.release);
  });

  if (manager === "supervisord") {
    test("a rollback to a release that has no such process stops it", async () => {
      const back = await site.act("rollback");
      expect(back.code, told(back)).toBe(0);
      const [job] = await status();
      expect(job).toMatchObject({ release: back.report.release, proven: true, processes: [] });
    });
    return;
  }

  test("a worker that does not start, and a page that is bad behind nginx, leave both hosts on the old release", async () => {
    const before = (await status())[0]?.release ?? null;
    site.project.commit({ "shop/ticker.py": `import nowhere\n${ticker}` });
    const first = await site.act("deploy");
    expect(first.code, told(first)).toBe(1);
    expect(first.report.result).toBe("kept-old");
    await together(before);
    const urls = site.project.read("shop/urls.py");
    site.project.version("three");
    site.project.commit({ "shop/ticker.py": ticker, "shop/urls.py": `${urls}${brokenBehindNginx}` });
    const second = await site.act("deploy");
    expect(second.code, told(second)).toBe(1);
    expect(second.report.hosts).toMatchObject([
      { host: "jobs1", result: "reverted", release: before },
      { host: "web1", result: "reverted", release: before },
    ]);
    await together(before);
    expect((await versions()).slice(-3)).toEqual(["start three", "end three", "start two"]);
    site.project.commit({ "shop/urls.py": urls });
  });

  test("a runner that dies between the two hosts: the next deploy brings them together", async () => {
    site.project.version("four");
    const running = site.begin("deploy", "production", "--format", "json");
    const moved = (line: string) =>
      line.includes('"jobs1"') && line.includes('"step":"prove"') && line.includes('"step.done"');
    await waitFor(() => running.stdout().split("\n").some(moved), {
      timeoutMs: 60_000,
      what: "the switch of jobs1",
      everyMs: 2,
    });
    running.child.kill("SIGKILL");
    await running.ended;
    site.project.commit({ "shop/wsgi.py": `${site.project.read("shop/wsgi.py")}\n` });
    const done = await site.act("deploy", "--wait");
    expect(done.code, told(done)).toBe(0);
    await together(done.report.release);
  });

  test("run, logs and releases know where to look", async () => {
    const ran = await site.djdeploy("run", "production", ...site.reach, "--", "sh", "-c", "hostname");
    expect(ran.stdout).toContain("web1");
    const web = await site.djdeploy("logs", "production");
    expect(web.code, web.stderr).toBe(0);
    expect(web.stdout).not.toContain("jobs1");
    const worker = await site.djdeploy("logs", "production", "worker");
    expect(worker.code, worker.stderr).toBe(0);
    expect(worker.stdout).not.toContain("web1");
    const { releases } = await site.show<{ releases: { host: string; live: boolean }[] }>("releases");
    expect(
      releases
        .filter(({ live }) => live)
        .map(({ host }) => host)
        .sort(),
    ).toEqual(["jobs1", "web1"]);
  });

  test("a rollback takes both back", async () => {
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
    await together(back.report.release);
    expect((await versions()).slice(-2)).toEqual(["end four", "start two"]);
  });
});
