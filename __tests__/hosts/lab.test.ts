import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDelay } from "../../lab/delay.ts";
import { bootHost, type LabHost, listHosts, sshArguments } from "../../lab/host.ts";
import { savedLayer } from "../../lab/layer.ts";
import { startLoad } from "../../lab/load.ts";
import { waitFor } from "../../lab/wait.ts";

const ssh = (host: LabHost, command: string) =>
  execFileSync("ssh", ["-o", "ConnectTimeout=2", ...sshArguments(host), command], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

const running = (host: LabHost) =>
  waitFor(async () => (await host.root("systemctl is-system-running")).stdout === "running\n", {
    timeoutMs: 20_000,
    what: `systemd on ${host.name} to be running`,
  });

/** A web server of Python's own, as a transient unit. */
const serve = (host: LabHost, port: number) =>
  host.root(
    `mkdir -p /srv/www && echo hello >/srv/www/index.html &&
     systemd-run --quiet --unit=www python3 -m http.server --directory /srv/www ${port}`,
  );

let bookworm: LabHost;
let trixie: LabHost;

beforeAll(async () => {
  [bookworm, trixie] = await Promise.all([
    bootHost({ base: "bookworm", name: "old" }),
    bootHost({ base: "trixie", name: "new" }),
  ]);
});

afterAll(async () => {
  await Promise.all([bookworm?.stop(), trixie?.stop()]);
});

describe("two hosts at once", () => {
  test("are whole Debian systems of their own", async () => {
    await Promise.all([running(bookworm), running(trixie)]);
    expect(ssh(bookworm, "hostname; python3 --version; cat /proc/1/comm")).toBe(
      "old\nPython 3.11.2\nsystemd",
    );
    expect(ssh(trixie, "hostname; python3 --version; cat /proc/1/comm")).toBe("new\nPython 3.13.5\nsystemd");
    expect(bookworm.address).not.toBe(trixie.address);
    expect(bookworm.hostKeys).not.toEqual(trixie.hostKeys);
  });

  test("do not touch each other's services", async () => {
    for (const host of [bookworm, trixie]) await host.root("systemd-run --quiet --unit=twin sleep 600");
    const group = "/sys/fs/cgroup/system.slice/twin.service";
    expect((await trixie.root(`grep -c . ${group}/cgroup.procs`)).stdout).toBe("1\n");
    await trixie.root("systemctl stop twin.service");
    expect((await trixie.root(`ls ${group}`)).code).not.toBe(0);
    expect(ssh(bookworm, "systemctl is-active twin.service")).toBe("active");
    await bookworm.root("systemctl stop twin.service");
  });

  test("are bare, and install packages from Debian", async () => {
    expect((await bookworm.root("command -v nginx supervisord rsync")).stdout).toBe("");
    const install = await bookworm.root(
      "apt-get -qq update && apt-get -qq install -y rsync && rsync --version",
    );
    expect(install).toMatchObject({ code: 0, stdout: expect.stringContaining("rsync  version") });
  });

  test("tell how a command ended, and what it was given and said", async () => {
    expect(await bookworm.root("cat; echo bad >&2; exit 7", { input: "zwölf\n" })).toEqual({
      code: 7,
      stdout: "zwölf\n",
      stderr: "bad\n",
    });
  });
});

describe("trouble", () => {
  test("a crash ends every process, and the disk is there at the next start", async () => {
    await trixie.root("echo kept >/root/note");
    await trixie.crash();
    await expect(trixie.root("true")).rejects.toThrow("is down");
    await trixie.start();
    expect(ssh(trixie, "cat /root/note")).toBe("kept");
    await running(trixie);
  });

  test("a host may reboot by itself", async () => {
    const before = ssh(trixie, "cat /proc/sys/kernel/random/boot_id");
    await trixie.reboot();
    expect(ssh(trixie, "cat /proc/sys/kernel/random/boot_id")).not.toBe(before);
    await running(trixie);
  });

  test("a pulled cable cuts the network, not the host", async () => {
    await trixie.cable("down");
    expect(() => ssh(trixie, "true")).toThrow();
    expect((await trixie.root("echo alive")).stdout).toBe("alive\n");
    await trixie.cable("up");
    expect(ssh(trixie, "echo back")).toBe("back");
  });

  test("hosts of a dead process are removed by the next boot, those of the living are not", async () => {
    const orphan = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { stdio: "ignore" });
    const lost = await bootHost({ name: "lost", owner: orphan.pid ?? 0 });
    const gone = once(orphan, "exit");
    orphan.kill("SIGKILL");
    await gone;
    const next = await bootHost({ name: "next" });
    const names = listHosts().map((host) => host.name);
    expect(names).toContain("next");
    expect(names).toContain("old");
    expect(names).not.toContain("lost");
    expect((await bookworm.root("echo alive")).stdout).toBe("alive\n");
    await lost.stop();
    await next.stop();
    await next.stop();
  });
});

describe("a saved layer", () => {
  test("starts several hosts with what one was prepared with", async () => {
    const want = { name: "lab-test", base: "bookworm", key: String(process.pid) } as const;
    let prepared = 0;
    const prepare = async (host: LabHost) => {
      prepared++;
      await host.root("rm /etc/motd; echo ready >/srv/ready");
      return { from: host.name };
    };
    const layer = await savedLayer(want, prepare);
    expect(await savedLayer(want, prepare)).toEqual(layer);
    expect(prepared).toBe(1);
    expect(layer.data).toEqual({ from: "lab-test" });
    const hosts = await Promise.all([bootHost({ layer, name: "one" }), bootHost({ layer, name: "two" })]);
    for (const host of hosts)
      expect(ssh(host, "hostname; cat /srv/ready; ls /etc/motd 2>&1 | wc -l")).toBe(`${host.name}\nready\n1`);
    expect(hosts[0]?.hostKeys).not.toEqual(hosts[1]?.hostKeys);
    await Promise.all(hosts.map((host) => host.stop()));
    rmSync(dirname(layer.folder), { recursive: true });
  });
});

describe("the request loop", () => {
  test("counts a server that stops and starts", async () => {
    await serve(bookworm, 8000);
    const url = `http://${bookworm.address}:8000/`;
    await waitFor(async () => (await fetch(url)).ok, { timeoutMs: 10_000, what: "the page" });
    const load = startLoad({
      url,
      clients: 4,
      maxSeconds: 60,
      check: ({ body }) => body === "hello\n" || "other page",
    });
    const count = (kind: "ok" | "refused" | "4xx" | "wrong answer", more: number) => {
      const seen = load.now().kinds[kind] ?? 0;
      return waitFor(() => (load.now().kinds[kind] ?? 0) >= seen + more, {
        timeoutMs: 20_000,
        what: `${more} more ${kind}`,
      });
    };
    await count("ok", 20);
    expect(load.now().failed).toBe(0);
    await bookworm.root("systemctl stop www.service");
    await count("refused", 8);
    await serve(bookworm, 8000);
    await count("ok", 20);
    await bookworm.root("echo other >/srv/www/index.html");
    await count("wrong answer", 4);
    const result = await load.stop();
    expect(Object.values(result.kinds).reduce((sum, each) => sum + each, 0)).toBe(result.sent);
    expect(result.failed).toBe(result.sent - result.ok);
    expect(result.failures[0]?.kind).toMatch(/refused|reset/);
    expect(result.ranOut).toBe(false);
  });

  test("tells a hanging server from one that hangs up", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    const rude = createServer((socket) => void socket.once("data", () => socket.resetAndDestroy())).listen(
      0,
      "127.0.0.1",
    );
    await Promise.all([once(silent, "listening"), once(rude, "listening")]);
    const ask = async (server: typeof silent) => {
      const { port } = server.address() as { port: number };
      const load = startLoad({ url: `http://127.0.0.1:${port}/`, clients: 1, requestTimeoutMs: 200 });
      await waitFor(() => load.now().sent > 0, { timeoutMs: 5000, what: "a request" });
      return Object.keys((await load.stop()).kinds);
    };
    expect(await ask(silent)).toEqual(["timeout"]);
    expect(await ask(rude)).toEqual(["reset"]);
    silent.close();
    rude.close();
  });

  test("goes to this machine and the lab only", () => {
    expect(() => startLoad({ url: "http://192.0.2.1/" })).toThrow("not to 192.0.2.1");
  });
});

test("a delayed line carries SSH", async () => {
  const line = await startDelay({ host: trixie.address, port: 22, delayMs: 20 });
  const login = sshArguments(trixie).slice(0, -1);
  const args = [
    ...login,
    "-o",
    `HostKeyAlias=${trixie.address}`,
    "-p",
    String(line.port),
    "root@127.0.0.1",
    "head -c 300000 /dev/zero | wc -c",
  ];
  // The line ends in this process, so the client must not block it.
  const child = spawn("ssh", args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (bytes) => {
    said += bytes;
  });
  await once(child, "close");
  expect(said.trim()).toBe("300000");
  await line.close();
});
