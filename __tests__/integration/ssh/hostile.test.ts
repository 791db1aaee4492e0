import { createServer, type Socket } from "node:net";
import type { ServerChannel } from "ssh2";
import { describe, expect, it, onTestFinished } from "vitest";
import { asDeployError, type DeployError } from "../../../src/errors.ts";
import { openSession } from "../../../src/host/session.ts";
import { connect } from "../../../src/ssh/connect.ts";
import { scanHostKeys } from "../../../src/ssh/scan.ts";
import type { Target } from "../../../src/ssh/types.ts";
import { server, targetOf } from "./setup.ts";

// A server that stops, or never stops, at every stage of a connection. Each must end within the time that a stage has.

const connectTimeoutMs = 500;

/** A port on which every caller is treated so. */
async function port(treat: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.resume();
    treat(socket);
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  return (listening.address() as { port: number }).port;
}

/** SSH_MSG_KEXINIT of a server that our client finds its algorithms in (RFC 4253, section 7.1). */
function kexInit(): Buffer {
  const lists = [
    ...["curve25519-sha256", "ssh-ed25519", "aes128-ctr", "aes128-ctr", "hmac-sha2-256", "hmac-sha2-256"],
    ...["none", "none", "", ""],
  ].map((list) => Buffer.concat([uint32(list.length), Buffer.from(list)]));
  const payload = Buffer.concat([Buffer.from([20]), Buffer.alloc(16), ...lists, Buffer.from([0]), uint32(0)]);
  const padding = 8 + ((8 - ((payload.length + 5) % 8)) % 8);
  return Buffer.concat([
    uint32(payload.length + padding + 1),
    Buffer.from([padding]),
    payload,
    Buffer.alloc(padding),
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Writes that for ever, as fast as it is read. */
function forever(bytes: Buffer): (socket: Socket) => void {
  return (socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(bytes));
    };
    socket.on("drain", more);
    more();
  };
}

function at(port: number, more: Partial<Target> = {}): Target {
  return {
    name: "web1",
    host: "127.0.0.1",
    port,
    user: "deploy",
    keys: [],
    passphrase: null,
    agent: null,
    pins: [],
    jump: null,
    connectTimeoutMs,
    ...more,
  };
}

async function errorOf(act: Promise<unknown>): Promise<DeployError> {
  return act.then(
    () => {
      throw new Error("it went well");
    },
    (thrown) => asDeployError(thrown),
  );
}

/** A login that says this on its standard error and ends. */
function ends(code: number, says: string): (channel: ServerChannel) => void {
  return (channel) => {
    channel.stderr.write(says);
    channel.exit(code);
    channel.end();
  };
}

const greeting = Buffer.from("SSH-2.0-hostile\r\n");
const stages: Record<string, [(socket: Socket) => void, code: RegExp]> = {
  "says nothing": [() => {}, /^ssh.timeout-banner$/],
  "half a greeting": [(socket) => socket.write("SSH-2.0-hos"), /^ssh.timeout-handshake$/],
  "a line without end": [forever(Buffer.alloc(64 * 1024, "x")), /^ssh.not-ssh$/],
  "lines without end": [forever(Buffer.from("welcome\r\n".repeat(1000))), /^ssh.not-ssh$/],
  "blank lines without end": [forever(Buffer.from("\r\n".repeat(10_000))), /^ssh.not-ssh$/],
  "ten megabytes before its greeting": [
    (socket) => socket.write(Buffer.concat([Buffer.from("hello\r\n".repeat(1_500_000)), greeting])),
    /^ssh.not-ssh$/,
  ],
  "a greeting, and nothing more": [(socket) => socket.write(greeting), /^ssh.timeout-handshake$/],
  "its algorithms, and nothing more": [
    (socket) => socket.write(Buffer.concat([greeting, kexInit()])),
    /^ssh.timeout-handshake$/,
  ],
  "a packet of four gigabytes": [
    (socket) => socket.write(Buffer.concat([greeting, Buffer.alloc(1 << 20, 0xff)])),
    /^ssh.key-exchange$/,
  ],
  "hangs up": [(socket) => socket.end(), /^ssh.closed-early$/],
};

describe("a server that is none, or stops on the way", () => {
  it.each(Object.entries(stages))("%s: for a login", async (_name, [treat, code]) => {
    const error = await errorOf(connect(at(await port(treat))));
    expect(error).toMatchObject({
      code: expect.stringMatching(code),
      exitCode: 5,
      details: { host: "web1" },
    });
    expect(JSON.stringify(error.details).length).toBeLessThan(2_000);
  });

  it.each(Object.entries(stages))("%s: for a look at its keys", async (_name, [treat, code]) => {
    const error = await errorOf(scanHostKeys("127.0.0.1", await port(treat), { connectTimeoutMs }));
    expect(error).toMatchObject({ code: expect.stringMatching(code), exitCode: 5 });
  });

  it("never answers the login", async () => {
    const one = await server({ faults: { silentLogin: true } });
    const error = await errorOf(connect(targetOf(one, { connectTimeoutMs })));
    expect(error).toMatchObject({ code: "ssh.timeout-auth", exitCode: 5 });
  });

  it("lets us in and never starts a program", async () => {
    const one = await server({ faults: { silentChannels: true } });
    const connection = await connect(targetOf(one, { connectTimeoutMs }));
    const error = await errorOf(connection.open("true"));
    expect(error).toMatchObject({ code: "ssh.timeout-channel", exitCode: 5 });
    expect(error.message).toContain("let deploy in, but started no program within 0.5 s");
    await connection.lost;
  });

  it("is a jump host that lets us in and never leads on", async () => {
    const one = await server({ faults: { silentChannels: true } });
    const jump = targetOf(one, { name: "bastion", connectTimeoutMs });
    const error = await errorOf(connect(at(1, { jump, keys: jump.keys })));
    expect(error).toMatchObject({ code: "ssh.jump-forward", exitCode: 5 });
    expect(error.message).toContain("The jump host bastion");
  });

  it("starts the agent, which never says a word", async () => {
    const one = await server({ answer: (channel) => void channel.stderr.write("welcome to web1\n") });
    const session = await openSession("web1", {
      site: "/srv/shop",
      connect: () => connect(targetOf(one)),
      limits: { pingMs: 50, helloMs: 300 },
    });
    const error = await errorOf(session.request("facts"));
    expect(error).toMatchObject({ code: "host.silent", exitCode: 5, details: { host: "web1" } });
    expect(error.details.seen).toContain("the login shell printed welcome to web1");
    await session.close();
  });

  it.each([
    ["prints and ends", { code: 3, says: "not allowed here" }, "host.agent", "ended with 3"],
    ["has no Python", { code: 127, says: "exec: python3: not found" }, "host.no-python", "has no python3"],
  ])("has a login shell that %s", async (_name, { code, says }, wanted, message) => {
    const one = await server({
      answer: (channel) => {
        channel.stderr.write(`${says}\n`);
        channel.exit(code);
        channel.end();
      },
    });
    const session = await openSession("web1", { site: "/srv/shop", connect: () => connect(targetOf(one)) });
    const error = await errorOf(session.request("facts"));
    expect(error).toMatchObject({ code: wanted, exitCode: 1 });
    expect(error.message).toContain(message);
    expect(`${error.message} ${error.details.seen}`).toContain(says);
    await session.close();
  });

  const logins: [
    string,
    (channel: ServerChannel) => void,
    { exitCode: number; says: RegExp; hint: RegExp },
  ][] = [
    [
      "an expired password",
      ends(1, "WARNING: Your password has expired.\nPassword change required but no TTY available.\n"),
      {
        exitCode: 1,
        says: /Your password has expired\. \(the login ended with 1\)/,
        hint: /chage .* deploy /,
      },
    ],
    [
      "no login shell",
      ends(1, "This account is currently not available.\n"),
      { exitCode: 1, says: /currently not available/, hint: /usermod -s \/bin\/sh deploy/ },
    ],
    [
      "a forced command",
      ends(0, ""),
      { exitCode: 1, says: /ended with 0 and printed/, hint: /ForceCommand/ },
    ],
    [
      "a forced command that copies",
      (channel) => channel.pipe(channel),
      { exitCode: 1, says: /comes back as it is/, hint: /ForceCommand/ },
    ],
    [
      "a start-up file that ends the shell",
      (channel) => {
        channel.exit("KILL", false, "");
        channel.end();
      },
      { exitCode: 1, says: /the login ended by SIGKILL/, hint: /start-up file/ },
    ],
  ];

  it.each(logins)("lets us in to %s: said once, nothing is tried again", async (_name, answer, wanted) => {
    const one = await server({ answer });
    const lost: string[] = [];
    const session = await openSession("web1", {
      site: "/srv/shop",
      connect: () => connect(targetOf(one)),
      resume: async (again) => void (await again.request("facts")),
      onLost: (reason) => lost.push(reason),
    });
    const error = await errorOf(session.request("facts"));
    expect(error).toMatchObject({ code: "host.agent", exitCode: wanted.exitCode });
    expect(error.message).toMatch(wanted.says);
    expect(error.details.hint).toMatch(wanted.hint);
    expect(lost).toEqual([]);
    expect(one.connections()).toBe(1);
    await session.close();
  });

  const cut: [string, string, RegExp][] = [
    ["before it spoke", "", /could not be started on web1: .*lost/],
    ["once it spoke", '\n{"hello":1}\n', /ends before it answers: Killed/],
  ];
  it.each(cut)(
    "cuts the agent off each time, %s: tried twice, not for half a minute",
    async (_name, says, words) => {
      const one = await server({
        answer: (channel) => {
          if (!says) return one.cut();
          channel.write(says, () => {
            channel.stderr.write("Killed\n");
            channel.exit(137);
            channel.end();
          });
        },
      });
      const session = await openSession("web1", {
        site: "/srv/shop",
        connect: () => connect(targetOf(one)),
        resume: async (again) => void (await again.request("facts")),
        reconnectMs: [1, 1, 1, 1, 1, 1],
      });
      const error = await errorOf(session.request("facts"));
      expect(error.code).toBe(says ? "host.connection-lost" : "host.agent");
      expect(error.message).toMatch(words);
      expect(one.connections()).toBe(2);
      await session.close();
    },
  );

  it("has a login shell that prints without end", async () => {
    const one = await server({
      answer: (channel) => {
        const more = () => {
          while (!channel.destroyed && channel.write("All work and no play\n".repeat(1000)));
        };
        channel.on("drain", more);
        more();
      },
    });
    const session = await openSession("web1", { site: "/srv/shop", connect: () => connect(targetOf(one)) });
    const error = await errorOf(session.request("facts"));
    expect(error).toMatchObject({
      code: "host.agent",
      exitCode: 1,
      details: { seen: expect.stringContaining("All work") },
    });
    await session.close();
  });
});
