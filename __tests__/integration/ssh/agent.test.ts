import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect } from "../../../src/ssh/connect.ts";
import { publicKeyOf } from "../../../src/ssh/key-text.ts";
import { clientKey, folder, server, targetOf } from "./setup.ts";

// draft-ietf-sshm-ssh-agent: each message is its length, its type and what belongs to it.
const message = (type: number, ...parts: Buffer[]) => {
  const content = Buffer.concat([Buffer.of(type), ...parts]);
  return Buffer.concat([uint32(content.length), content]);
};
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const text = (bytes: Buffer) => Buffer.concat([uint32(bytes.length), bytes]);
const [asksForKeys, hereTheyAre] = [11, 12];
const oneKey = message(hereTheyAre, uint32(1), text(publicKeyOf(clientKey.private)!), text(Buffer.from("x")));

const emptyRsa = Buffer.concat([text(Buffer.from("ssh-rsa")), uint32(0), uint32(0)]);
const noNumbers = message(hereTheyAre, uint32(1), text(emptyRsa), text(Buffer.from("x")));

/** An agent of this test's; `closed` tells when the last of its visitors has left. */
async function agent(visited: (socket: Socket, type: number) => void) {
  const path = join(folder(), "agent.sock");
  const visitors = new Set<Socket>();
  const listening = createServer((socket) => {
    visitors.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => visitors.delete(socket));
    socket.on("data", (bytes) => visited(socket, bytes[4]!));
  }).listen(path);
  await once(listening, "listening");
  onTestFinished(() => {
    for (const visitor of visitors) visitor.destroy();
    listening.close();
  });
  return { path, left: () => expect.poll(() => visitors.size).toBe(0) };
}

const quick = { connectTimeoutMs: 1_000 };

/** Sends one piece after the other for as long as somebody reads. */
function endless(socket: Socket, piece: Buffer, sent: (bytes: number) => void): void {
  const more = () => {
    if (socket.destroyed) return;
    sent(piece.length);
    socket.write(piece, () => setImmediate(more));
  };
  more();
}

describe.each<[string, (socket: Socket, type: number) => void]>([
  ["never answers", () => {}],
  ["stops in the middle of its answer", (socket) => socket.write(oneKey.subarray(0, 20))],
  ["hangs up", (socket) => socket.destroy()],
  [
    "announces four gigabytes",
    (socket) => socket.write(Buffer.concat([uint32(0xffffffff), Buffer.of(hereTheyAre)])),
  ],
  ["speaks otherwise", (socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ["refuses", (socket) => socket.write(message(5))],
  ["holds an RSA key of no numbers", (socket) => socket.write(noNumbers)],
  ["says nothing about a million keys", (socket) => socket.write(message(hereTheyAre, uint32(1_000_000)))],
])("an agent that %s", (_, visited) => {
  test("is no obstacle for another key, and named where there is none", async () => {
    const host = await server();
    const { path, left } = await agent(visited);
    await (await connect(targetOf(host, { ...quick, agent: path }))).close();
    await expect(connect(targetOf(host, { ...quick, agent: path, keys: [] }))).rejects.toMatchObject({
      code: "ssh.no-key",
      details: { hint: expect.stringMatching(/does not answer|holds no keys/) },
    });
    await left();
  });
});

test("an agent that sends without end is not read to it", async () => {
  const host = await server();
  let sent = 0;
  const { path, left } = await agent((socket) => {
    socket.write(Buffer.concat([uint32(0x7fffffff), Buffer.of(hereTheyAre)]));
    endless(socket, Buffer.alloc(65_536), (bytes) => {
      sent += bytes;
    });
  });
  await (await connect(targetOf(host, { agent: path }))).close();
  await left();
  expect(sent).toBeLessThan(4_000_000);
});

/** An answer with these keys, by their blobs. */
const holds = (...blobs: Buffer[]) =>
  message(
    hereTheyAre,
    uint32(blobs.length),
    ...blobs.flatMap((blob) => [text(blob), text(Buffer.from("x"))]),
  );
const ours = publicKeyOf(clientKey.private)!;
const strangers = (count: number) =>
  Array.from({ length: count }, (_, at) => {
    const point = Buffer.alloc(32);
    point.writeUInt32BE(at + 1);
    return Buffer.concat([text(Buffer.from("ssh-ed25519")), text(point)]);
  });

describe("an agent with keys of its own mind", () => {
  const told = (keys: Buffer[]) =>
    agent((socket, type) => void socket.write(type === asksForKeys ? holds(...keys) : message(5)));

  test("thousands of keys are not all offered, and the way to name one is told", async () => {
    const host = await server();
    const { path } = await told(strangers(3000));
    const error = await connect(targetOf(host, { agent: path, keys: [] })).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: "ssh.auth-failed",
      exitCode: 5,
      details: { hint: expect.stringMatching(/^only 30 of 3000 keys were offered.*--identity/) },
    });
    expect(host.connections()).toBe(5);
    expect(error.details.expected.length).toBeLessThan(1_000);
  });

  test("one that is larger than any key is passed over", async () => {
    const host = await server();
    const exponent = text(Buffer.from([1, 0, 1]));
    const huge = Buffer.concat([text(Buffer.from("ssh-rsa")), exponent, text(Buffer.alloc(200_000, "U"))]);
    const { path } = await told([huge]);
    await (await connect(targetOf(host, { agent: path }))).close();
  });

  test("one that it does not sign with is signed with by its file", async () => {
    const host = await server();
    const { path } = await told([ours]);
    await (await connect(targetOf(host, { agent: path }))).close();
  });

  test("one that it does not sign with is told, and not as one that the host does not take", async () => {
    const host = await server();
    const { path } = await told([...strangers(2), ours]);
    await expect(connect(targetOf(host, { agent: path, keys: [] }))).rejects.toMatchObject({
      code: "ssh.agent-refused",
      exitCode: 2,
      message: expect.stringContaining("the SSH agent did not sign"),
    });
  });

  test("those of a kind that we do not know are no missing keys", async () => {
    const host = await server();
    const { path } = await told([
      Buffer.concat([text(Buffer.from("sk-ssh-ed25519@openssh.com")), text(ours)]),
    ]);
    await expect(connect(targetOf(host, { agent: path, keys: [] }))).rejects.toMatchObject({
      code: "ssh.no-key",
      details: { hint: expect.stringContaining("hardware tokens") },
    });
  });
});

test("an agent that never signs is left when the login is given up", async () => {
  const host = await server();
  const { path, left } = await agent((socket, type) => {
    if (type === asksForKeys) socket.write(oneKey);
  });
  await expect(connect(targetOf(host, { ...quick, agent: path, keys: [] }))).rejects.toMatchObject({
    exitCode: 5,
  });
  await left();
});

test.each(["keys", "a signature"])("the end of the run is the end of waiting for %s", async (wanted) => {
  const host = await server();
  const stop = new AbortController();
  const { path, left } = await agent((socket, type) => {
    if (type === asksForKeys && wanted !== "keys") socket.write(oneKey);
    else stop.abort();
  });
  const target = targetOf(host, { connectTimeoutMs: 600_000, agent: path, keys: [] });
  await expect(connect(target, { signal: stop.signal })).rejects.toMatchObject({ code: "ssh.aborted" });
  await left();
});
