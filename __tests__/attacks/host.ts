import { readFileSync } from "node:fs";
import { request } from "node:http";
import { bootHost, type LabHost } from "../../lab/host.ts";
import { waitFor } from "../../lab/wait.ts";
import type { Config } from "../../src/config/types.ts";
import { forSlot, managerWiring } from "../../src/services/wiring.ts";
import { must } from "../hosts/support/older-layout.ts";
import { page } from "../hosts/support/page.ts";
import type { Manager } from "../hosts/support/site.ts";
import { configOf, configText, runSetup } from "../support/setup.ts";

const launcher = readFileSync(new URL("launch.py", import.meta.url), "utf8");

/** A host with two applications, `shop` and `next`, both live; and a way into the first. */
export interface Attacked {
  host: LabHost;
  shop: Config;
  /** Runs Python as the application `shop` itself, and gives what it printed. */
  inside(program: string): Promise<string>;
}

export async function attackedHost(manager: Manager): Promise<Attacked> {
  const host = await bootHost({ name: `attacks-${manager}` });
  try {
    const configs = ["shop", "next"].map((app) => {
      const text = configText(
        app,
        host.address,
        `server: {manager: ${manager}}`,
        `domains: [${app}.example.com]`,
      );
      return configOf(text);
    });
    const [shop, next] = await Promise.all(configs);
    for (const config of [shop!, next!]) {
      const { error } = await runSetup(host, config);
      if (error) throw error;
      await release(host, config, manager);
    }
    await must(host, "apt-get -q -y install curl >/dev/null 2>&1");
    return { host, shop: shop!, inside: (program) => post(host, program) };
  } catch (error) {
    await host.stop();
    throw error;
  }
}

/** As a deploy does it, as the user that deploys. */
async function release(host: LabHost, { app }: Config, manager: Manager): Promise<void> {
  const start = forSlot(managerWiring(app, manager).start, "blue").join(" ");
  const script = `
    set -e
    cd /srv/${app}
    mkdir -p releases/1/.djdeploy public/static/1
    cat >releases/1/.djdeploy/launch
    chmod 755 releases/1/.djdeploy/launch
    ln -sfn ../releases/1 slots/blue
    ln -sfn ../releases/1 slots/current
    ln -sfn ../sockets/blue.sock run/blue.sock
    cat /proc/sys/kernel/random/boot_id >run/blue.boot
    ${start}
    ln -sfn blue.sock run/web.sock`;
  await must(host, "cat >/tmp/release.sh; chmod 644 /tmp/release.sh", script);
  await must(host, `runuser -u ${app}_deploy -- sh /tmp/release.sh`, launcher);
  const headers = { host: `${app}.example.com` };
  await waitFor(async () => (await page(host.address, "/", headers)).body.startsWith("here"), {
    timeoutMs: 20_000,
    what: app,
  });
}

function post(host: LabHost, program: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { host: "shop.example.com", "content-length": Buffer.byteLength(program) };
    const asked = request(
      { host: host.address, path: "/", method: "POST", headers, agent: false, timeout: 60_000 },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        answer.on("end", () =>
          answer.statusCode === 200 ? resolve(body) : reject(new Error(`${answer.statusCode}: ${body}`)),
        );
      },
    );
    asked.on("error", reject).on("timeout", () => asked.destroy(new Error("no answer to a probe")));
    asked.end(program);
  });
}
