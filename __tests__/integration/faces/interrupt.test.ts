import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { endOf, watched } from "../../support/ends.ts";
import { temporaryFolder } from "../../support/repository.ts";

/** Takes connections and never says a word: whoever asks it waits. */
const silent = createServer();
let port = 0;

beforeAll(async () => {
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  port = (silent.address() as { port: number }).port;
});
afterAll(() => void silent.close());

function start(...words: string[]) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "key"), newDeployKey("test").privateKey, { mode: 0o600 });
  writeFileSync(
    join(cwd, "djdeploy.yml"),
    `app: counter\nenvironments:\n  production:\n    hosts: ["127.0.0.1:${port}"]\n    known-hosts: ["SHA256:${"A".repeat(43)}"]\n`,
  );
  const connected = once(silent, "connection");
  const args = [
    ...watched,
    join(process.cwd(), "dist/cli/index.js"),
    ...words,
    "--identity",
    "key",
    "--ssh-config",
    "none",
  ];
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const closed = endOf(child).then(([code]) => code);
  return { child, connected, closed, text: () => Buffer.concat(chunks).toString("utf8") };
}

it("the first Ctrl-C stops a run in order: it says so, and is no success", async () => {
  const run = start("status", "production");
  await run.connected;
  run.child.kill("SIGINT");
  const code = await run.closed;
  expect(run.text()).toContain("press Ctrl-C again to leave at once");
  expect(code).not.toBe(0);
  expect(code).not.toBeNull();
});
