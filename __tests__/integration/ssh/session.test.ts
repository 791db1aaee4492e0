import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { describe, expect, test, vi } from "vitest";
import { connected, folder, server } from "./setup.ts";

describe("a program that runs to its end", () => {
  test("tells output, code and signal apart; words on stderr are no failure", async () => {
    const home = folder();
    const connection = await connected(await server({ home }));
    expect(await connection.exec("pwd; echo oops >&2")).toEqual({
      code: 0,
      signal: null,
      stdout: `${home}\n`,
      stderr: "oops\n",
    });
    expect(await connection.exec("exit 3")).toMatchObject({ code: 3, signal: null });
    expect(await connection.exec("kill -KILL $$")).toMatchObject({ code: null, signal: "SIGKILL" });
    expect(await connection.exec("cd /no/such/folder")).not.toMatchObject({ code: 0 });
  });

  test("that is over at once has its code all the same", async () => {
    const connection = await connected(await server());
    const codes = [];
    for (let n = 0; n < 100; n++) codes.push((await connection.exec(`exit ${n}`)).code);
    expect(codes).toEqual([...Array(100).keys()]);
  });

  test("gets its input, and no more than its input", async () => {
    const connection = await connected(await server());
    expect(await connection.exec("cat", { input: "naïve ✓" })).toMatchObject({ code: 0, stdout: "naïve ✓" });
    expect(await connection.exec("cat")).toMatchObject({ code: 0, stdout: "" });
    const bytes = randomBytes(3 << 20);
    const { stdout } = await connection.exec("sha256sum", { input: bytes });
    expect(stdout.split(" ")[0]).toBe(createHash("sha256").update(bytes).digest("hex"));
  });

  test("need not read its input", async () => {
    const connection = await connected(await server());
    expect(await connection.exec("exit 4", { input: randomBytes(8 << 20) })).toMatchObject({ code: 4 });
    expect(await connection.exec("echo still here")).toMatchObject({ stdout: "still here\n" });
  });

  test("may say more than we keep: the end counts", async () => {
    const connection = await connected(await server());
    const { stdout } = await connection.exec("yes 0123456789 | head -n 1000000; echo the end");
    expect(stdout.length).toBeLessThan(9 << 20);
    expect(stdout.endsWith("0123456789\nthe end\n")).toBe(true);
  });

  test("waits for its turn, so that a host with few channels does not refuse it", async () => {
    const connection = await connected(await server({ faults: { maxSessions: 2 } }));
    const agent = await connection.open("cat");
    const results = await Promise.all(Array.from({ length: 12 }, (_, n) => connection.exec(`echo ${n}`)));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual([...Array(12).keys()]);
    agent.stdin.end();
    agent.stdout.resume();
    expect(await agent.closed).toMatchObject({ code: 0 });
  });

  test("that does not end in time is given up, and the connection goes on", async () => {
    const connection = await connected(await server());
    await expect(connection.exec("cat; sleep 60", { timeoutMs: 200 })).rejects.toMatchObject({
      code: "ssh.command-timeout",
    });
    expect(await connection.exec("echo on")).toMatchObject({ stdout: "on\n" });
  });

  test("a channel that the host refuses has its own code", async () => {
    const connection = await connected(await server({ faults: { maxSessions: 0 } }));
    await expect(connection.exec("true")).rejects.toMatchObject({
      code: "ssh.channel-refused",
      details: { hint: expect.stringContaining("MaxSessions") },
    });
  });

  test("a program that the host can not start is no matter of sessions", async () => {
    const connection = await connected(await server({ faults: { noPrograms: true } }));
    const refused = await connection.exec("true").catch((error) => error);
    expect(refused).toMatchObject({
      code: "ssh.channel-refused",
      details: { hint: expect.stringContaining("ulimit -u") },
    });
    expect(refused.details.hint).not.toContain("MaxSessions");
  });
});

describe("a program with its streams", () => {
  test("takes more than memory would hold, and answers line by line", async () => {
    const connection = await connected(await server());
    const channel = await connection.open("sha256sum; echo warned >&2; exit 5");
    const block = randomBytes(1 << 20);
    const sum = createHash("sha256");
    let most = 0;
    function* blocks() {
      for (let n = 0; n < 96; n++) {
        sum.update(block);
        most = Math.max(most, channel.stdin.writableLength);
        yield block;
      }
    }
    const [stdout, stderr] = await Promise.all([
      text(channel.stdout),
      text(channel.stderr),
      pipeline(Readable.from(blocks()), channel.stdin),
    ]);
    expect(stdout.split(" ")[0]).toBe(sum.digest("hex"));
    expect(stderr).toBe("warned\n");
    expect(await channel.closed).toEqual({ code: 5, signal: null });
    expect(most).toBeLessThan(8 << 20);
  });

  test("is slowed down by a reader that does not read", async () => {
    const home = folder();
    const connection = await connected(await server({ home }));
    const channel = await connection.open("head -c 64000000 /dev/zero; touch all-written");
    await new Promise((resolve) => channel.stdout.once("readable", resolve));
    expect(await connection.exec("test -e all-written")).toMatchObject({ code: 1 });
    let seen = 0;
    for await (const chunk of channel.stdout) seen += (chunk as Buffer).length;
    expect(seen).toBe(64_000_000);
    expect(await channel.closed).toMatchObject({ code: 0 });
  });
});

describe("a connection that breaks", () => {
  test("is never a success for what runs, and says why", async () => {
    const host = await server();
    const connection = await connected(host);
    const channel = await connection.open("echo up; cat");
    await new Promise((resolve) => channel.stdout.once("data", resolve));
    const running = connection.exec("cat; sleep 60");
    host.cut();
    await expect(running).rejects.toMatchObject({ code: "ssh.connection-lost", exitCode: 5 });
    expect(await channel.closed).toEqual({ code: null, signal: null });
    expect(await connection.lost).toMatchObject({ code: "ssh.connection-lost", details: { host: "web1" } });
    await expect(connection.exec("true")).rejects.toMatchObject({ code: "ssh.connection-lost" });
    await expect(connection.open("true")).rejects.toMatchObject({ code: "ssh.connection-lost" });
    await connection.close();
  });

  test("is no success for a program that ended but whose output did not", async () => {
    const host = await server();
    const connection = await connected(host);
    const channel = await connection.open("echo up; sleep 600 & exit 0");
    await new Promise((resolve) => channel.stdout.once("data", resolve));
    host.cut();
    expect(await channel.closed).toEqual({ code: null, signal: null });
  });

  test("without a word is noticed by the missing signs of life", async () => {
    const host = await server();
    const connection = await connected(host, {}, { keepaliveMs: 50 });
    expect(await connection.exec("sleep 0.5; echo awake")).toMatchObject({ code: 0 });
    const running = connection.exec("cat; sleep 60");
    host.freeze();
    await expect(running).rejects.toMatchObject({ code: "ssh.connection-lost", message: /no answer/ });
  });

  test("leaves the program on the host alive, at the end of its input", async () => {
    const home = folder();
    const host = await server({ home });
    const connection = await connected(host);
    const channel = await connection.open("echo $$; cat > /dev/null; echo finished > result; sleep 600");
    const pid = Number(await new Promise((resolve) => channel.stdout.once("data", resolve)));
    host.cut();
    await vi.waitUntil(() => existsSync(join(home, "result")), { timeout: 10_000 });
    expect(readFileSync(join(home, "result"), "utf8")).toBe("finished\n");
    expect(() => process.kill(pid, 0)).not.toThrow();
    await host.stop();
    await vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 });
  });

  test("on purpose is no loss", async () => {
    const host = await server();
    const connection = await connected(host);
    await connection.close();
    expect(await connection.lost).toBeNull();
    await connection.close();
    await expect(connection.exec("true")).rejects.toMatchObject({ code: "ssh.connection-lost" });
    await vi.waitUntil(() => host.open() === 0);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
