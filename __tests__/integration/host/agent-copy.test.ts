import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { deflateSync } from "node:zlib";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { type Agent, agentCommand, agentOf, agentPreamble } from "../../../src/host/agent.ts";

// The program that is kept on a host from one run to the next: it is run if it is the runner's own, to the byte, and else not.
// Root keeps none, so that where the suite is root's the agent is somebody else's.

const nobody = process.getuid?.() === 0 ? 65_534 : null;

let agent: Agent;
beforeEach(() => {
  const site = mkdtempSync(join(tmpdir(), "djdeploy-copy-"));
  onTestFinished(() => rmSync(site, { recursive: true }));
  mkdirSync(join(site, ".djdeploy"));
  chmodSync(site, 0o755);
  if (nobody !== null) chownSync(join(site, ".djdeploy"), nobody, nobody);
  agent = agentOf(site);
});

/** The first line that it says behind the program, or behind the word that there is none. */
async function said(program: Buffer): Promise<string> {
  const user: SpawnOptions = nobody === null ? {} : { uid: nobody, gid: nobody };
  const child = spawn("sh", ["-c", agentCommand(agent)], { ...user, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  child.stdin!.write(agentPreamble(program));
  let first = "";
  for await (const line of createInterface(child.stdout!)) {
    first = line;
    if (line !== "") break;
  }
  child.stdin!.end();
  await ended;
  return first;
}

const none = Buffer.alloc(0);
const needed = '{"need":"agent"}';

test("what came once is kept, and run without coming again", async () => {
  expect(await said(none)).toBe(needed);
  expect(await said(agent.packed())).toContain('"hello": 1');
  expect(readFileSync(agent.copy)).toEqual(agent.packed());
  expect(await said(none)).toContain('"hello": 1');
});

test.each<[string, () => Buffer]>([
  ["another program", () => deflateSync("import os\nos.write(1, b'another program')\n")],
  ["one that only begins as it", () => agent.packed().subarray(0, -100)],
  ["something else", () => Buffer.from("no program")],
  ["what never ends to inflate", () => deflateSync(Buffer.alloc(64 << 20))],
])("a copy that was changed is not run: %s", async (_name, copy) => {
  writeFileSync(agent.copy, copy(), { mode: 0o644 });
  expect(await said(none)).toBe(needed);
});

test("nor is a program that came damaged, and it is not kept", async () => {
  expect(await said(deflateSync("print('damaged')"))).toBe(needed);
  expect(await said(none)).toBe(needed);
});
