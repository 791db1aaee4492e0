import { beforeAll, expect, test } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import { type HostFacts, parseFacts } from "../../../src/release/setup/facts.ts";
import { checkNames } from "../../../src/release/setup/guards.ts";
import type { SetupInput } from "../../../src/release/setup/input.ts";
import { needsOf } from "../../../src/release/setup/needs.ts";
import { planSetup } from "../../../src/release/setup/plan.ts";
import { configOf, configText } from "../../support/setup.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const bare = `os\tdebian\t12\tDebian 12\nsystemd\nlogin\t${base64("ssh-ed25519 AAAAkey me\n")}\npackage\tsudo\n`;

let config: Config;
beforeAll(async () => {
  config = await configOf(configText("shop", "192.0.2.1"));
});

function plan(facts: string, more: Partial<SetupInput> = {}) {
  const input: SetupInput = {
    ...{
      config,
      home: null,
      repository: null,
      needs: needsOf(false, {}),
      deployKeys: null,
      planKeys: null,
      heldKeys: [],
      site: true,
    },
    ...more,
  };
  return planSetup(input, parseFacts(facts) satisfies HostFacts);
}

test("a bare host: packages first, the folder is claimed before it is filled, owner.json comes last", () => {
  const steps = plan(bare).map((item) => item.step);
  expect(steps[0]).toBe("packages");
  expect(steps.indexOf("claim")).toBe(steps.indexOf("folder") + 1);
  expect(steps.at(-1)).toBe("owner");
  expect(plan(bare)[0]?.message).toBe("apt-get install python3 python3-venv ca-certificates iproute2 nginx");
});

test("a record that the application could forge removes nothing of a neighbour's", () => {
  const record = {
    ...{ version: 1, app: "shop", environment: "production", user: "shop", setup: "0123456789abcdef" },
    repository: null,
    manager: { kind: "supervisord", places: ["x; reboot"] },
    processes: { "staging-web@blue": {}, "../x": {}, worker: {} },
  };
  const fact = (path: string, user: string) =>
    `path\t${path}\tfile\t644\t${user}\t${user}\t${base64(JSON.stringify(record))}\n`;
  const forget = (facts: string) =>
    plan(bare + facts).find(({ step }) => step === "forget")?.action.parameters;
  expect(forget(fact("/srv/shop/.djdeploy/owner.json", "shop"))).toEqual([
    "systemd",
    "shop/production",
    "shop-worker.service",
  ]);
  // One that root did not write, where root's lies: nobody believes it.
  expect(forget(fact("/srv/shop/owner.json", "shop"))).toBeUndefined();
});

const owner = (version: number) =>
  `path\t/srv/shop/owner.json\tfile\t644\troot\troot\t${base64(
    JSON.stringify({
      version,
      app: "shop",
      environment: "production",
      user: "shop",
      repository: null,
      manager: {},
    }),
  )}\n`;
const shop = (shell: string) => `user\tshop\t998\t/srv/shop/shared/home\tshop\t${shell}\n`;
const deployer = "user\tshop_deploy\t997\t/srv/shop/home\tshop shop_nginx\t/bin/bash\n";

test("a host where one user does both is moved: owners first, sockets behind the units, the login and the record last", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBbOlGtDXFMBFbF8kI3cX0E9JYDYbSJGqJ8nYq3C5o1a";
  const keys = `path\t/srv/shop/shared/home/.ssh/authorized_keys\tfile\t600\tshop\tshop\t${base64(`${key} ci\nssh-ed25519 AAAAkey me\n`)}\n`;
  const items = plan(bare + owner(2) + shop("/bin/bash") + keys);
  const steps = items.filter((item) => !item.unchanged).map((item) => item.step);
  const order = [
    "deployer",
    "owners",
    "deploy keys",
    "unit",
    "launchers",
    "services",
    "sockets",
    "sudo rules",
    "no login",
    "owner",
  ];
  expect(steps.filter((step) => order.includes(step))).toEqual(order);
  const { message } = items.find((item) => item.step === "no login")!;
  expect(message).toMatch(
    /^shop can not log in; these keys of it deploy no more, .*: SHA256:[\w+/]{43} \(ci\); /,
  );
  expect(message).not.toContain("(me)");
  expect(message).toContain("djdeploy setup production --user root --ci-key FILE.pub");
});

test("one that has two users already is not moved, and a login that was there before stays and is told", () => {
  const steps = (facts: string) => plan(bare + owner(3) + deployer + facts).map((item) => item.step);
  expect(steps(shop("/usr/sbin/nologin"))).not.toEqual(expect.arrayContaining(["owners"]));
  const me = "user\tshop\t1001\t/home/me\tshop\t/bin/bash\n";
  const item = plan(bare + me).find(({ step }) => step === "no login");
  expect(item).toMatchObject({
    unchanged: true,
    message: expect.stringContaining("its home /home/me, its keys"),
  });
});

test.each([
  ["root's", "user\tshop_deploy\t0\t/srv/shop/home\tshop\n", "setup.foreign-user"],
  ["a person", "user\tshop_deploy\t1001\t/home/x\tshop\n", "setup.foreign-user"],
  ["in another group", "user\tshop_deploy\t997\t/srv/shop/home\tusers\n", "setup.foreign-user"],
  ["reading along", "user\tshop\t1001\t/home/x\tusers\ngroup\tusers\tme,shop\tyou\n", "setup.shared-group"],
  ["reading along later", "group\tshop\tme\t\n", "setup.shared-group"],
])("a user who is %s does not deploy or read secrets", (_, facts, code) => {
  expect(() => plan(bare + facts)).toThrow(expect.objectContaining({ code, exitCode: 7 }));
});

test("another flavour of nginx will do", () => {
  expect(plan(`${bare}nginx\n`)[0]?.message).not.toContain("nginx");
});

test.each([
  "user www-data;\nhttp {\n\tinclude /etc/nginx/conf.d/*.conf;\n\tinclude /etc/nginx/sites-enabled/*;\n}\n",
  "include /etc/nginx/user.conf;\nhttp { include sites-enabled/*; }\n",
  "user www-data www-data;\ninclude modules-enabled/*.conf;\nhttp { include /etc/nginx/sites-enabled/* ; }\n",
])("a layout of nginx as Debian's will do: %j", (conf) => {
  expect(plan(`${bare}nginx\t${base64(conf)}\nreal\t/srv/shop\t/srv/shop\n`)[0]?.step).toBe("packages");
});

test("a host without the role web gets no site", () => {
  expect(plan(bare, { site: false }).map((item) => item.step)).not.toContain("nginx");
});

test.each([
  ["os\tdebian\t11\tDebian 11\nsystemd\n", "setup.unknown-system"],
  ["os\tubuntu\t20.04\tUbuntu 20.04\nsystemd\n", "setup.unknown-system"],
  ["os\talpine\t3.20\tAlpine\n", "setup.unknown-system"],
  ["os\tdebian\t13\tDebian 13\n", "setup.no-systemd"],
  [`${bare}user\tshop\t13\t/var/shop\tshop\n`, "setup.foreign-user"],
  [`${bare}real\t/srv/shop\t/data/srv/shop\n`, "setup.linked-path"],
  [
    `${bare}nginx\t${base64("user  nginx;\nhttp {\n    include /etc/nginx/conf.d/*.conf;\n}\n")}\n`,
    "setup.nginx-conf",
  ],
  [
    `${bare}nginx\t${base64("user www-data;\n# include /etc/nginx/sites-enabled/*;\n")}\n`,
    "setup.nginx-conf",
  ],
  [`${bare}nginx\t${base64("user web web;\ninclude sites-enabled/*;\n")}\n`, "setup.nginx-conf"],
  [`${bare}nginx\t${base64("user www-data;\ninclude sites-enabled/*.conf;\n")}\n`, "setup.nginx-conf"],
  [
    `${bare}nginx\t${base64("include modules-enabled/*.conf;\nhttp { include sites-enabled/*; }\n")}\n`,
    "setup.nginx-conf",
  ],
  [`${bare}path\t/srv/shop\tfolder\t755\troot\troot\t${base64("data\n")}\n`, "setup.foreign-folder"],
])("refused: %j", (facts, code) => {
  expect(() => plan(facts)).toThrow(expect.objectContaining({ code, exitCode: 7 }));
});

test.each([{ path: "/srv" }, { path: "/srv/a b" }, { path: "/srv/../etc" }, { path: "/srv/%i" }])(
  "a path that would need quoting is refused: %o",
  ({ path }) => {
    const release = { ...config.release, path };
    expect(() => checkNames({ ...config, release })).toThrow(expect.objectContaining({ exitCode: 2 }));
  },
);

test("what a setup that was cut off wrote is read again by whom it is for; one that ended changes nothing", () => {
  const file = (path: string, mode: string, text: string) =>
    `path\t${path}\tfile\t${mode}\troot\troot\t${base64(text)}\n`;
  const written = plan(bare).map(({ action: { script, parameters, content } }) => {
    if (script === "setup-file.sh") return file(parameters[0]!, parameters[1]!, content);
    if (script === "setup-no-login.sh") return file(parameters[2]!, "644", content);
    if (script !== "setup-site.sh") return "";
    const link = `path\t/etc/nginx/sites-enabled/shop\tlink\t\t\t\t${base64("../sites-available/shop")}\n`;
    return file("/etc/nginx/sites-available/shop", "644", content) + link;
  });
  const units = ["blue", "green"].map((slot) => `unit\tshop-web@${slot}.service\tenabled\tno\tactive\n`);
  const user = "user\tshop\t998\t/srv/shop/shared/home\tshop\t/usr/sbin/nologin\n";
  const facts = [bare, user, ...units, ...written].join("");
  const changed = (text: string) =>
    plan(text)
      .filter(({ step, unchanged }) => ["nginx", "services", "no login"].includes(step) && !unchanged)
      .map(({ step }) => step);
  expect(changed(facts)).toEqual([]);
  const earlier = facts.replace(/(path\t\/srv\/shop\/owner.json\t.*\t)(\S+)\n/g, (_, head, text) => {
    const record = Buffer.from(text, "base64").toString();
    return `${head}${base64(record.replace(/"setup": "[^"]*"/, '"setup": "0123456789abcdef"'))}\n`;
  });
  expect(changed(earlier)).toEqual(["services", "nginx", "no login"]);
});
