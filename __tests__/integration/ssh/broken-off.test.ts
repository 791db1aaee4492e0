import { once } from "node:events";
import type { Socket } from "node:net";
import ssh2, { type Connection as Client, type ServerChannel } from "ssh2";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect } from "../../../src/ssh/connect.ts";
import type { Target } from "../../../src/ssh/types.ts";
import { clientKey, newPair, server, targetOf } from "./setup.ts";

// A server that lets in, and breaks off at a moment of its own: alone, or as a jump host.

const hostKey = newPair();
const garbage = Buffer.alloc(100_000, "A");

interface Moments {
  banner?: string;
  /** Takes the place of letting in. */
  auth?(context: ssh2.AuthContext, socket: Socket): void;
  ready?(socket: Socket, client: Client): void;
  /** Answers the wish to be led on. */
  tcpip?(accept: () => ServerChannel, socket: Socket): void;
}

async function breaking(moments: Moments): Promise<Target> {
  const sockets = new Set<Socket>();
  const options = { hostKeys: [hostKey.private], ...(moments.banner && { banner: moments.banner }) };
  const ssh = new ssh2.Server(options, (client) => {
    const socket = (client as unknown as { _sock: Socket })._sock;
    sockets.add(socket);
    client.on("error", () => {});
    client.on("authentication", (context) => {
      if (moments.auth) moments.auth(context, socket);
      else context.accept();
    });
    client.on("ready", () => moments.ready?.(socket, client));
    client.on("tcpip", (accept) => moments.tcpip?.(accept, socket));
  }).listen(0, "127.0.0.1");
  await once(ssh, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    ssh.close();
  });
  const { port } = ssh.address() as { port: number };
  const [type, key] = hostKey.public.split(" ");
  const at = { host: "127.0.0.1", port, knownHosts: [`[127.0.0.1]:${port} ${type} ${key}`] };
  return targetOf(at as Parameters<typeof targetOf>[0], { name: "bastion" });
}

describe("a host that lets in and breaks off at once", () => {
  test.each<[string, Moments]>([
    ["says goodbye", { ready: (_, client) => client.end() }],
    ["hangs up", { ready: (socket) => socket.destroy() }],
    ["sends what is no SSH", { ready: (socket) => void socket.write(garbage) }],
  ])("%s: a lost connection", async (_, moments) => {
    const connecting = connect(await breaking(moments));
    await expect(connecting.then((connection) => connection.exec("true"))).rejects.toMatchObject({
      code: expect.stringMatching(/^ssh\.(connection-lost|closed-early)$/),
      exitCode: 5,
    });
  });
});

test("a host that starts one program and no other: whoever waits for the first hears why it ended", async () => {
  let sessions = 0;
  const target = await breaking({
    ready: (_, client) =>
      client.on("session", (accept) => {
        if (++sessions === 1) accept().on("exec", (run) => void run());
      }),
  });
  const connection = await connect({ ...target, connectTimeoutMs: 200 });
  const first = await connection.open("cat");
  const slow = { code: "ssh.timeout-channel", exitCode: 5 };
  await expect(connection.open("cat")).rejects.toMatchObject(slow);
  expect(await connection.lost).toMatchObject(slow);
  expect(await first.closed).toEqual({ code: null, signal: null });
});

describe("a host that speaks no SSH any more while we log in", () => {
  test.each<[string, Moments]>([
    ["garbage", { auth: (_, socket) => void socket.write(garbage) }],
    ["a banner that is longer than a packet", { banner: "B".repeat(200_000) }],
  ])("%s: that is told, and not that our key is wrong", async (_, moments) => {
    await expect(connect(await breaking(moments))).rejects.toMatchObject({
      code: "ssh.protocol",
      exitCode: 5,
      details: { seen: "Bad packet length" },
    });
  });

  test("what it says is cut", async () => {
    const target = await breaking({
      auth: (context) => context.reject(["publickey", "y".repeat(30_000)] as never),
    });
    const error = await connect(target).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "ssh.auth-failed" });
    expect(JSON.stringify(error.details).length).toBeLessThan(2_000);
  });
});

describe("a jump host", () => {
  const behind = { keys: [{ source: "the ssh-private-key input", text: clientKey.private }] };

  test("that never leads on is left when the run ends", async () => {
    const stop = new AbortController();
    const jump = await breaking({ tcpip: () => stop.abort() });
    const host = await server();
    const target = targetOf(host, { ...behind, jump, connectTimeoutMs: 600_000 });
    await expect(connect(target, { signal: stop.signal })).rejects.toMatchObject({ code: "ssh.aborted" });
  });

  test.each<[string, Moments]>([
    ["before it leads on", { ready: (socket) => socket.destroy() }],
    ["with a goodbye before it leads on", { ready: (_, client) => client.end() }],
    ["when it should lead on", { tcpip: (_, socket) => socket.destroy() }],
    [
      "when it has led on",
      {
        tcpip(accept, socket) {
          accept();
          socket.end();
        },
      },
    ],
  ])("that breaks off %s is named, and not the host behind it", async (_, moments) => {
    const jump = await breaking(moments);
    const host = await server();
    await expect(connect(targetOf(host, { ...behind, jump }))).rejects.toMatchObject({
      code: "ssh.connection-lost",
      message: expect.stringMatching(
        /^The jump host bastion on the way to web1: The connection to bastion was lost/,
      ),
      details: { host: "bastion" },
    });
  });

  test("that breaks off later is named, too", async () => {
    const bastion = await server();
    const host = await server();
    const jump = targetOf(bastion, { name: "bastion" });
    const connection = await connect(targetOf(host, { ...behind, jump }));
    bastion.cut();
    expect(await connection.lost).toMatchObject({
      message: expect.stringMatching(
        /^The jump host bastion on the way to web1: The connection to bastion was lost/,
      ),
    });
  });
});
