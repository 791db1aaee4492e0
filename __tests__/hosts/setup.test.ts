import { readFileSync } from "node:fs";
import { get } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootHost, type LabHost } from "../../lab/host.ts";
import { waitFor } from "../../lab/wait.ts";
import type { Config } from "../../src/config/types.ts";
import { commandLine } from "../../src/host/quote.ts";
import { asUserPath } from "../../src/services/identities.ts";
import { forSlot, managerWiring } from "../../src/services/wiring.ts";
import { connect } from "../../src/ssh/connect.ts";
import { newDeployKey } from "../../src/ssh/new-key.ts";
import type { Connection } from "../../src/ssh/types.ts";
import { configOf, configText, runSetup, targetOf } from "../support/setup.ts";

const standIn = readFileSync(new URL("../support/stand-in.py", import.meta.url), "utf8");

/** A page of the host's front door. */
function page(host: LabHost, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const request = get({ host: host.address, path, headers, agent: false, timeout: 10_000 }, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        answer.on("end", () => resolve({ status: answer.statusCode!, body, headers: answer.headers }));
      });
      request.on("error", reject).on("timeout", () => request.destroy(new Error("no answer")));
    },
  );
}

/** Puts the stand-in into a slot and makes the slot live, as a deploy does: all as the deploy user. */
async function release(deploy: Connection, config: Config, slot: "blue" | "green"): Promise<void> {
  const wiring = managerWiring(config.app, config.server.manager);
  const script = `
    set -e
    cd /srv/shop
    mkdir -p releases/1/.djdeploy public/static/1 public/static/hashed
    cat >releases/1/.djdeploy/launch
    chmod 755 releases/1/.djdeploy/launch
    echo live >public/static/1/site.0123456789ab.css
    ln -sfn 1 public/static/live
    echo shared >public/static/hashed/old.ba9876543210.css
    ln -sfn ../releases/1 slots/current
    ln -sfn ../releases/1 slots/${slot}
    cat /proc/sys/kernel/random/boot_id >run/${slot}.boot
    ${forSlot(wiring.start, slot).join(" ")}
    ln -sfn ../sockets/${slot}.sock run/${slot}.sock
    ln -sfn ${slot}.sock run/web.sock
    sudo -n -u shop ${asUserPath(config.app)} sh -c 'echo picture >shared/media/cat.png'`;
  const result = await deploy.exec(script, { input: standIn });
  expect(result, result.stderr).toMatchObject({ code: 0 });
}

const serves = (host: LabHost, slot: string) =>
  waitFor(async () => (await page(host, "/")).body.startsWith(`slot ${slot} `), {
    timeoutMs: 20_000,
    what: `${slot} to serve`,
  });

describe.each([
  ["bookworm", "systemd"],
  ["bookworm", "supervisord"],
  ["trixie", "systemd"],
  ["trixie", "supervisord"],
] as const)("a bare %s made ready for %s", (base, manager) => {
  let host: LabHost;
  let config: Config;
  let deploy: Connection;

  beforeAll(async () => {
    host = await bootHost({ base, name: `setup-${manager}` });
    config = await configOf(configText("shop", host.address, `server: {manager: ${manager}}`));
  });
  afterAll(async () => {
    await deploy?.close();
    await host?.stop();
  });

  test("a dry run shows every file and changes nothing", async () => {
    const run = await runSetup(host, config, { dryRun: true });
    expect(run.error).toBeNull();
    expect(run.result).toBe("planned");
    const shown = run.events.map((event) => event.message).join("\n");
    expect(shown).toContain("+++ /etc/nginx/sites-available/shop");
    expect(shown).toMatch(/^apt-get install python3-venv /m);
    expect((await host.root("id shop; ls /srv/shop")).code).not.toBe(0);
  });

  test("the first run makes it ready, the second finds everything unchanged", async () => {
    const first = await runSetup(host, config);
    expect(first.error).toBeNull();
    expect(first.result).toBe("done");
    const second = await runSetup(host, config);
    expect(second.result).toBe("unchanged");
    expect(second.steps.filter((step) => step.status !== "unchanged").map((step) => step.step)).toEqual([
      "verify",
      "login",
    ]);
    expect(second.hosts[0]).toMatchObject({ changed: 0 });
  });

  test("the deploy user comes in with its key; sudo gives it its two slots and nothing beside", async () => {
    deploy = await connect(targetOf(host, "shop_deploy"));
    const { start, status } = managerWiring("shop", manager);
    const neighbours = [
      forSlot(start, "blue").join(" ").replace("shop-web", "other-web"),
      forSlot(start, "blue").join(" ").replace("start", "restart"),
      `${forSlot(start, "blue").join(" ")} ssh.service`,
      "sudo -n /usr/bin/supervisorctl start shop-web-blue",
      "sudo -n /usr/bin/supervisorctl -c /srv/shop/supervisord.conf start shop-web-blue",
      "sudo -n /usr/local/lib/djdeploy/shop-supervisorctl -c /srv/shop/supervisord.conf start shop-web-blue",
      "sudo -n /usr/bin/systemctl edit shop-web@blue.service",
      "sudo -n true",
      "sudo -n -u shop true",
      "sudo -n -u www-data /usr/local/lib/djdeploy/shop-as true",
      "sudo -n /usr/local/lib/djdeploy/shop-as true",
    ];
    for (const command of neighbours) {
      const refused = await deploy.exec(command);
      expect([command, refused.code, refused.stderr.split("\n")[0]]).toEqual([
        command,
        1,
        "sudo: a password is required",
      ]);
    }
    const shown = await deploy.exec(forSlot(status, "blue").join(" "));
    expect(shown.stdout).toMatch(manager === "systemd" ? /ActiveState=inactive/ : /shop-web-blue\s+EXITED/);
  });

  test("what it runs as has no login, no rule of sudo, and changes nothing of what is deployed", async () => {
    const asShop = (command: string) => host.root('runuser -u shop -- sh -c "$(cat)"', { input: command });
    await expect(connect(targetOf(host, "shop"))).rejects.toMatchObject({ code: "ssh.auth-failed" });
    expect((await host.root("getent passwd shop")).stdout).toContain(":/usr/sbin/nologin");
    expect((await asShop("sudo -n -l")).code).toBe(1);
    const { publicKey, privateKey } = newDeployKey("own");
    const ssh = "/srv/shop/shared/home/.ssh";
    await asShop(`umask 077; mkdir ${ssh} && echo '${publicKey}' >${ssh}/authorized_keys`);
    const ownKey = { ...targetOf(host, "shop"), keys: [{ source: "its own", text: privateKey }] };
    await expect(connect(ownKey)).rejects.toMatchObject({ code: "ssh.auth-failed" });
    await asShop(`rm -r ${ssh}`);
    const gains = await deploy.exec(
      "sudo -n -u shop /usr/local/lib/djdeploy/shop-as grep NoNewPrivs /proc/self/status",
    );
    expect(gains.stdout).toMatch(/NoNewPrivs:\s*1/);
    for (const folder of [
      "",
      "releases",
      "venvs",
      "slots",
      "bin",
      "env",
      "run",
      ".djdeploy",
      "home",
      "public/static",
    ]) {
      const { code, stderr } = await asShop(`touch /srv/shop/${folder}/x`);
      expect([folder, code, stderr]).toEqual([folder, 1, expect.stringContaining("Permission denied")]);
    }
    for (const folder of ["sockets", "work", "shared", "shared/home", "public/media"])
      expect((await asShop(`touch /srv/shop/${folder}/x && rm /srv/shop/${folder}/x`)).code).toBe(0);
    expect((await deploy.exec("umask 027; echo code >/srv/shop/releases/x")).code).toBe(0);
    expect((await asShop("cat /srv/shop/releases/x")).stdout).toBe("code\n");
    await deploy.exec("rm /srv/shop/releases/x");
  });

  test("a slot that nobody asked for does not start", async () => {
    const { start, status } = managerWiring("shop", manager);
    await deploy.exec(forSlot(start, "green").join(" "));
    const shown = await deploy.exec(forSlot(status, "green").join(" "));
    expect(shown.stdout).toMatch(manager === "systemd" ? /ActiveState=inactive/ : /shop-web-green\s+EXITED/);
  });

  test("a slot that was asked for serves through nginx", async () => {
    await release(deploy, config, "blue");
    await serves(host, "blue");
    const { log } = managerWiring("shop", manager);
    await page(host, "/seen-in-the-log");
    await waitFor(
      async () => (await deploy.exec(commandLine(forSlot(log, "blue")))).stdout.includes("seen-in"),
      {
        timeoutMs: 10_000,
        what: "the slot's log to be readable by the deploy user",
      },
    );
  });

  test("a visitor can not say who or where he is", async () => {
    const { body } = await page(host, "/x?a=1", {
      Host: "www.example.com",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-For": "1.2.3.4",
      "X-Forwarded-Host": "evil.example",
    });
    expect(body).toMatch(/^slot blue \/x\?a=1$/m);
    expect(body).toMatch(/^Host: www.example.com$/m);
    expect(body).toMatch(/^X-Forwarded-Proto: http$/m);
    expect(body).not.toMatch(/1\.2\.3\.4|evil/);
  });

  test("behind a balancer that ends TLS, only what it says of a visitor is believed", async () => {
    const balancer = host.address.replace(/\d+$/, "1");
    const trust = async (trustedProxies: string[]) => {
      const run = await runSetup(host, {
        ...config,
        tls: "external",
        front: { ...config.front, trustedProxies },
      });
      expect(run.error).toBeNull();
    };
    const believed = async () => {
      const said = { "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.9" };
      const { body } = await page(host, "/", said);
      return [/X-Forwarded-Proto: (.*)/.exec(body)?.[1], /X-Forwarded-For: (.*)/.exec(body)?.[1]];
    };
    await trust(["203.0.113.7"]);
    await expect.poll(believed, { timeout: 10_000 }).toEqual(["http", balancer]);
    await trust([balancer]);
    await expect.poll(believed, { timeout: 10_000 }).toEqual(["https", "192.0.2.9"]);
    expect((await runSetup(host, config)).error).toBeNull();
  });

  test("nginx finds static files in the live release, then in the shared tree, else asks the application", async () => {
    const live = await page(host, "/static/site.0123456789ab.css");
    expect([live.body, live.headers["cache-control"]]).toEqual([
      "live\n",
      "public, max-age=31536000, immutable",
    ]);
    expect((await page(host, "/static/old.ba9876543210.css")).body).toBe("shared\n");
    expect((await page(host, "/media/cat.png")).body).toBe("picture\n");
    expect((await page(host, "/static/none.css")).body).toMatch(/^slot blue \/static\/none.css$/m);
  });

  test("other users of the host see neither code nor sockets", async () => {
    await host.root("useradd stranger");
    for (const path of ["", "/run/web.sock", "/env", "/.djdeploy/owner.json"]) {
      const seen = await host.root(`runuser -u stranger -- ls /srv/shop${path}`);
      expect(seen.stderr).toContain("Permission denied");
    }
  });

  // supervisord has nothing of the kind: what it runs is protected by its user's rights only.
  if (manager === "systemd")
    test("hardening: no other application, nothing written but sockets and shared", async () => {
      await host.root("mkdir -p /srv/neighbour && echo secret >/srv/neighbour/file && touch /srv/file");
      const sees = async (path: string) => (await page(host, `/?path=${path}`)).body;
      expect(await sees("/srv")).toBe("shop");
      expect(await sees("/srv/neighbour/file")).toBe("No such file or directory");
      expect(await sees("/srv/shop/releases/1/x")).toBe("Read-only file system");
      expect(await sees("/etc/x")).toBe("Read-only file system");
      expect(await sees("/srv/shop/run/x")).toBe("Read-only file system");
      expect(await sees("/srv/shop/shared/media/x")).toBe("writable: ");
      expect(await sees("/tmp")).toBe("");
      expect(await sees("trace")).toBe("Operation not permitted");
      // What proves which release a worker runs must stay readable.
      const pid = (await host.root("systemctl show -p MainPID --value shop-web@blue")).stdout.trim();
      expect(
        (await deploy.exec(`sudo -n -u shop ${asUserPath("shop")} readlink /proc/${pid}/cwd`)).code,
      ).toBe(0);
    });

  test("a crash is restarted", async () => {
    const killed = await host.root("pkill -KILL -f 'python3 [^ ]*launch blue$'");
    expect(killed.code).toBe(0);
    await serves(host, "blue");
  });

  test("after a reboot the live slot serves, alone, and the folders are there", async () => {
    await deploy.exec("ln -sfn ../releases/1 /srv/shop/slots/green");
    await host.reboot();
    await serves(host, "blue");
    const running = await host.root("pgrep -fa 'launch (blue|green)'");
    expect(running.stdout.trim().split("\n")).toHaveLength(1);
    expect((await runSetup(host, config)).result).toBe("unchanged");
  });
});
