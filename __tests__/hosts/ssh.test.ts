import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as tcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { bootHost, type LabHost } from "../../lab/host.ts";
import { openSession } from "../../src/host/session.ts";
import { type ConnectOptions, connect } from "../../src/ssh/connect.ts";
import { newDeployKey } from "../../src/ssh/new-key.ts";
import { scanHostKeys } from "../../src/ssh/scan.ts";
import type { Target } from "../../src/ssh/types.ts";

let web: LabHost;
let bastion: LabHost;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "djdeploy-ssh-"));
  [web, bastion] = await Promise.all([
    bootHost({ base: "bookworm", name: "web1" }),
    bootHost({ base: "trixie", name: "bastion" }),
  ]);
});
afterAll(async () => {
  await Promise.all([web?.stop(), bastion?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await configure(web, "");
  await configure(bastion, "");
});

/** What sshd on a host shall do besides its defaults. Newer ones also keep clients away that fail too often. */
async function configure(host: LabHost, lines: string): Promise<void> {
  const known = await host.root("sshd -T | grep -c persourcepenalties || true");
  const all = `${lines}\n${known.stdout.trim() === "0" ? "" : "PerSourcePenalties no\n"}`;
  const file = "/etc/ssh/sshd_config.d/10-test.conf";
  const { code, stderr } = await host.root(
    `cat > ${file} && sshd -t && systemctl reset-failed ssh && systemctl restart ssh`,
    {
      input: all,
    },
  );
  expect(code, stderr).toBe(0);
}

function targetOf(host: LabHost, more: Partial<Target> = {}): Target {
  return {
    name: host.name,
    host: host.address,
    port: host.port,
    user: "root",
    keys: [{ source: "the ssh-private-key input", text: host.privateKey }],
    passphrase: null,
    agent: null,
    pins: [{ source: "the known-hosts input", text: host.hostKeys.join("\n") }],
    jump: null,
    connectTimeoutMs: 10_000,
    ...more,
  };
}

async function connected(host: LabHost, more: Partial<Target> = {}, options: ConnectOptions = {}) {
  const connection = await connect(targetOf(host, more), options);
  onTestFinished(() => connection.close());
  return connection;
}

describe.each([
  ["bookworm", () => web],
  ["trixie", () => bastion],
])("sshd of %s", (_, host) => {
  test("runs programs; code, signal, output and a large input are told and taken right", async () => {
    const connection = await connected(host());
    expect(await connection.exec("echo naïve; echo oops >&2; exit 3")).toEqual({
      code: 3,
      signal: null,
      stdout: "naïve\n",
      stderr: "oops\n",
    });
    expect(await connection.exec("kill -KILL $$")).toMatchObject({ code: null, signal: "SIGKILL" });
    for (let n = 0; n < 50; n++) expect((await connection.exec(`exit ${n}`)).code).toBe(n);
    const bytes = randomBytes(96 << 20);
    const { stdout } = await connection.exec("sha256sum", { input: bytes });
    expect(stdout.split(" ")[0]).toBe(createHash("sha256").update(bytes).digest("hex"));
  });

  test("shows each of its keys to whom has it pinned, as line, as hash or as fingerprint", async () => {
    await host().root("ssh-keygen -A && systemctl reset-failed ssh && systemctl restart ssh");
    const shown = await host().root("for key in /etc/ssh/ssh_host_*.pub; do ssh-keygen -lf $key; done");
    const scanned = await scanHostKeys(host().address);
    expect(scanned.map(({ type }) => type)).toEqual(["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"]);
    for (const { fingerprint } of scanned) expect(shown.stdout).toContain(fingerprint);
    const file = join(folder, `hosts-${host().name}`);
    for (const { line, fingerprint } of scanned) {
      writeFileSync(file, `${line}\n`);
      execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "pipe" });
      for (const text of [line, fingerprint, readFileSync(file, "utf8")]) {
        const connection = await connect(targetOf(host(), { pins: [{ source: "pins", text }] }));
        await connection.close();
      }
    }
  });

  test("lets in with keys of all types, out of more than it tries at once", async () => {
    const strangers = Array.from({ length: 8 }, () => newDeployKey("test").privateKey);
    for (const args of [
      ["-t", "rsa"],
      ["-t", "ecdsa"],
      ["-t", "rsa", "-m", "PEM"],
      ["-t", "ed25519"],
    ]) {
      const file = join(folder, `key-${host().name}-${args.join("")}`);
      execFileSync("ssh-keygen", ["-q", "-N", "", "-f", file, ...args]);
      await host().root("cat >> /root/.ssh/authorized_keys", { input: readFileSync(`${file}.pub`, "utf8") });
      const own = { source: file, text: readFileSync(file, "utf8") };
      await connected(host(), { keys: [own] });
      const keys = [...strangers.map((text, n) => ({ source: `key ${n}`, text })), own];
      await connected(host(), { keys });
    }
  });
});

describe("what sshd is told to refuse", () => {
  test("a wrong key, a wrong user, a user without keys", async () => {
    const keys = [{ source: "a key", text: newDeployKey("test").privateKey }];
    const refused = { code: "ssh.auth-failed", exitCode: 5, message: expect.stringContaining("root") };
    await expect(connect(targetOf(web, { keys }))).rejects.toMatchObject(refused);
    await expect(connect(targetOf(web, { user: "nobody-here" }))).rejects.toMatchObject({
      code: "ssh.auth-failed",
      message: expect.stringContaining("nobody-here"),
    });
    await configure(web, "PubkeyAuthentication no\nPasswordAuthentication yes");
    await expect(connect(targetOf(web))).rejects.toMatchObject({
      code: "ssh.auth-failed",
      message: expect.stringContaining("takes no keys"),
      details: { seen: expect.stringContaining("password") },
    });
  });

  test("a key alone", async () => {
    await configure(web, "PasswordAuthentication yes\nAuthenticationMethods publickey,password");
    await expect(connect(targetOf(web))).rejects.toMatchObject({ code: "ssh.second-factor" });
  });

  test("a second channel", async () => {
    await configure(web, "MaxSessions 1");
    const connection = await connected(web);
    const results = await Promise.all([1, 2, 3, 4].map((n) => connection.exec(`echo ${n}`)));
    expect(results.map(({ stdout }) => stdout)).toEqual(["1\n", "2\n", "3\n", "4\n"]);
    const agent = await connection.open("cat");
    await expect(connection.exec("true")).rejects.toMatchObject({
      code: "ssh.channel-refused",
      details: { hint: expect.stringContaining("MaxSessions") },
    });
    agent.stdin.end();
    agent.stdout.resume();
    expect(await agent.closed).toEqual({ code: 0, signal: null });
  });

  test("more who have not logged in", async () => {
    await configure(web, "MaxStartups 1:100:1");
    const idle = tcp(22, web.address);
    onTestFinished(() => void idle.destroy());
    await new Promise((resolve, reject) => idle.once("data", resolve).once("error", reject));
    await expect(connect(targetOf(web))).rejects.toMatchObject({ code: "ssh.closed-early" });
  });

  test("our algorithms", async () => {
    await configure(web, "KexAlgorithms sntrup761x25519-sha512@openssh.com");
    await expect(connect(targetOf(web))).rejects.toMatchObject({
      code: "ssh.no-common-algorithm",
      details: { seen: expect.stringContaining("sntrup761x25519-sha512@openssh.com") },
    });
  });
});

test("a host with new keys is not trusted, whichever it shows", async () => {
  const backup = "cp -a /etc/ssh /root/ssh-before";
  const renew = "rm /etc/ssh/ssh_host_*_key* && ssh-keygen -A && systemctl restart ssh";
  expect((await web.root(`${backup} && ${renew}`)).code).toBe(0);
  onTestFinished(async () => {
    await web.root("cp -a /root/ssh-before/ssh_host_* /etc/ssh/ && systemctl restart ssh");
  });
  const ask = vi.fn(async () => true);
  await expect(connect(targetOf(web), { ask })).rejects.toMatchObject({
    code: "ssh.host-key-changed",
    details: { expected: expect.stringContaining("SHA256:"), seen: expect.stringContaining("SHA256:") },
  });
  expect(ask).not.toHaveBeenCalled();
});

describe("a user that is let in and can start no agent", () => {
  const prepare = `user=$1; id "$user" >/dev/null 2>&1 || useradd -m -s /bin/bash "$user"; echo "$user:x" | chpasswd
mkdir -p /home/$user/.ssh; cp /root/.ssh/authorized_keys /home/$user/.ssh/; chown -R $user /home/$user/.ssh; chmod 700 /home/$user/.ssh
`;
  const cases: [name: string, user: string, how: string, says: RegExp, hint: RegExp, exit: number][] = [
    [
      "an expired password",
      "expired",
      "chage -d 0 expired",
      /Your password has expired/,
      /chage .* expired /,
      1,
    ],
    [
      "no login shell",
      "shut",
      "usermod -s /usr/sbin/nologin shut",
      /not available/,
      /usermod -s \/bin\/sh shut/,
      1,
    ],
    [
      "a forced command",
      "forced",
      `sed -i 's/^/command="echo only-backups" /' /home/forced/.ssh/authorized_keys`,
      /only-backups \(the login ended with 0\)/,
      /ForceCommand/,
      1,
    ],
    [
      "a limit",
      "many",
      "echo 'many - maxlogins 0' > /etc/security/limits.d/m.conf",
      /too many logins/,
      /maxlogins/,
      1,
    ],
    [
      "a start-up file that reads",
      "reads",
      "sed -i '1i read line' /home/reads/.bashrc",
      /ValueError/,
      /start-up file/,
      1,
    ],
    [
      "a start-up file that kills sshd's part",
      "cuts",
      "sed -i '1i kill -9 $PPID' /home/cuts/.bashrc",
      /lost/,
      /auth log/,
      5,
    ],
    [
      "little memory",
      "small",
      "sed -i '1i ulimit -v 12000' /home/small/.bashrc",
      /MemoryError|init_sys/,
      /too little memory/,
      1,
    ],
    ["a restricted shell", "held", "usermod -s /bin/rbash held", /restricted/, /restricted shell/, 1],
  ];
  test.each(cases)("%s", async (_name, user, how, says, hint, exitCode) => {
    const made = await web.root(`set -- ${user}; ${prepare}${how}`);
    expect(made.code, made.stderr).toBe(0);
    const lost: string[] = [];
    const session = await openSession("web1", {
      site: "/srv/shop",
      connect: () => connect(targetOf(web, { user })),
      resume: async (again) => void (await again.request("facts")),
      onLost: (reason) => lost.push(reason),
    });
    const error = await session.request("facts").catch((thrown) => thrown);
    await session.close();
    expect(error).toMatchObject({ code: "host.agent", exitCode });
    expect(error.message).toMatch(says);
    expect(error.details.hint).toMatch(hint);
    expect(lost.length).toBeLessThan(2);
  });
});

describe("through a bastion", () => {
  const through = () => ({ jump: targetOf(bastion) });

  test("programs run on the host behind it", async () => {
    const connection = await connected(web, through());
    expect((await connection.exec("hostname")).stdout).toBe("web1\n");
  });

  test("that does not forward, or can not reach the host", async () => {
    await expect(connect(targetOf(web, { ...through(), port: 4 }))).rejects.toMatchObject({
      code: "ssh.jump-forward",
      details: { seen: expect.stringMatching(/refused/i) },
    });
    await configure(bastion, "AllowTcpForwarding no");
    await expect(connect(targetOf(web, through()))).rejects.toMatchObject({
      code: "ssh.jump-forward",
      details: { hint: expect.stringContaining("AllowTcpForwarding") },
    });
  });
});

describe("a host that goes away", () => {
  test("while a program runs: it is noticed, the program lives on and can be ended from a new connection", async () => {
    const first = await connect(targetOf(web), { keepaliveMs: 200 });
    const channel = await first.open("setsid sh -c 'echo $$ > /tmp/pgid; echo up; exec sleep 600'");
    await new Promise((resolve) => channel.stdout.once("data", resolve));
    await web.cable("down");
    onTestFinished(() => web.cable("up"));
    expect(await first.lost).toMatchObject({ code: "ssh.connection-lost" });
    expect(await channel.closed).toEqual({ code: null, signal: null });
    await web.cable("up");
    const second = await connected(web);
    expect(await second.exec("kill -0 -$(cat /tmp/pgid)")).toMatchObject({ code: 0 });
    expect(await second.exec("kill -TERM -$(cat /tmp/pgid)")).toMatchObject({ code: 0 });
  });

  test("before the connection: no answer, or no route", async () => {
    // From inside: with its cable pulled outside, the host's address would be looked for beyond this machine.
    await web.root("ip link set host0 down");
    onTestFinished(async () => {
      await web.root(
        "ip link set host0 up && ip route add default via $(hostname -I | cut -d. -f1-3).1 || true",
      );
    });
    await expect(connect(targetOf(web, { connectTimeoutMs: 500 }))).rejects.toMatchObject({
      code: "ssh.timeout",
    });
    await expect(connect(targetOf(web, { connectTimeoutMs: 20_000 }))).rejects.toMatchObject({
      code: "ssh.no-route",
    });
  });

  test("without sshd", async () => {
    await web.root("systemctl stop ssh.socket ssh.service");
    onTestFinished(async () => {
      await web.root("systemctl start ssh.service");
    });
    await expect(connect(targetOf(web))).rejects.toMatchObject({ code: "ssh.refused" });
  });
});
