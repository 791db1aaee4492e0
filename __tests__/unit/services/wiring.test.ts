import { expect, test } from "vitest";
import { sudoers } from "../../../src/services/sudoers.ts";
import { webPrograms } from "../../../src/services/supervisord.ts";
import { webGroup } from "../../../src/services/web-group.ts";
import { forSlot, logWith, managerWiring, processWiring } from "../../../src/services/wiring.ts";

const users = { user: "shop", deployer: "shop_deploy" };

test("systemd: sudo allows three verbs for two units, written out, and its own journal without arguments", () => {
  expect(sudoers({ ...users, app: "shop", manager: "systemd" })).toBe(
    ["start", "stop", "reset-failed"]
      .flatMap((verb) => ["blue", "green"].map((slot) => `${verb} shop-web@${slot}.service`))
      .map((command) => `shop_deploy ALL=(root) NOPASSWD: /usr/bin/systemctl ${command}\n`)
      .join("")
      .concat('shop_deploy ALL=(root) NOPASSWD: /usr/local/lib/djdeploy/shop-journal ""\n')
      .concat("shop_deploy ALL=(shop) NOPASSWD: /usr/local/lib/djdeploy/shop-as\n"),
  );
});

test("supervisord: its configuration is named, or one in the working folder would be obeyed as root", () => {
  const root = "shop_deploy ALL=(root) NOPASSWD: ";
  const program = "/usr/local/lib/djdeploy/shop-supervisorctl -c /etc/supervisor/supervisord.conf";
  const rules = sudoers({ ...users, app: "shop", manager: "supervisord" }).split("\n");
  expect(rules.filter((rule) => rule.startsWith(root))).toEqual(
    ["start", "stop", "status"].flatMap((verb) =>
      ["blue", "green"].map((slot) => `${root}${program} ${verb} shop-web-${slot}`),
    ),
  );
});

test.each(["systemd", "supervisord"] as const)("%s: what the wiring starts, the rules allow", (kind) => {
  const { start, stop } = managerWiring("shop", kind);
  const rules = sudoers({ ...users, app: "shop", manager: kind });
  for (const slot of ["blue", "green"] as const) {
    for (const argv of [start, stop]) {
      const command = forSlot(argv, slot).join(" ");
      expect(rules).toContain(`NOPASSWD: ${command.replace("sudo -n ", "")}\n`);
    }
  }
});

test("a log is asked for in the number of lines and the way that was wanted", () => {
  const { log } = managerWiring("shop", "systemd");
  expect(logWith(forSlot(log, "blue"), 200, true).slice(3)).toEqual(["journal", "blue", "200", "follow"]);
  expect(logWith(log, 5, false).slice(3)).toEqual(["journal", "{slot}", "5", ""]);
  const tail = managerWiring("shop", "supervisord").log;
  expect(logWith(forSlot(tail, "blue"), 7, true).join(" ")).toBe(
    "/usr/bin/tail -f -n 7 /var/log/shop/web-blue.log",
  );
});

test("nginx's group: no application's own name, and never too long", () => {
  expect(webGroup("shop")).toBe("shop_nginx");
  const long = ["a", "b"].map((end) => webGroup(`a-very-long-name-of-an-app-xyz${end}`));
  expect(new Set(long).size).toBe(2);
  for (const name of long) expect(name).toMatch(/^[a-z0-9-]+_[0-9a-f]{6}_nginx$/);
  for (const name of long) expect(name.length).toBeLessThanOrEqual(32);
});

test("without root nothing goes through sudo", () => {
  const wiring = managerWiring("shop", "systemd", undefined, "user");
  expect(wiring).toMatchObject({ kind: "systemd", scope: "user" });
  expect(forSlot(wiring.start, "blue").join(" ")).toBe(
    "/usr/bin/systemctl --user start shop-web@blue.service",
  );
  expect(JSON.stringify([wiring, processWiring("shop", "systemd", "worker", "user")])).not.toContain("sudo");
});

test("supervisord: two programs, run by the gate, logs where only root opens them", () => {
  const programs = webPrograms({ app: "shop", user: "shop", stopTimeoutMs: 5500 });
  expect(programs.split("\n\n")).toHaveLength(2);
  expect(programs).toContain(`[program:shop-web-green]
command=/usr/local/lib/djdeploy/shop-gate run green
user=shop
directory=/
umask=022
autostart=true
autorestart=unexpected
exitcodes=0
startsecs=0
stopsignal=TERM
stopwaitsecs=16
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile=/var/log/shop/web-green.log
`);
});
