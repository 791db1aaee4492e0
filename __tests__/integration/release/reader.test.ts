import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { deflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { agentPreamble, readerProgram } from "../../../src/host/agent.ts";
import { hostFiles } from "../../../src/host/files.gen.ts";
import { temporaryFolder } from "../../support/repository.ts";

/** The reader, where setup would have put it. */
function reader(site: string): string {
  const file = join(temporaryFolder(), "reader");
  writeFileSync(file, readerProgram(site), { mode: 0o755 });
  return file;
}

interface Answer {
  id?: number;
  ok?: unknown;
  refused?: { code: string };
}

/** Starts it as sshd does; it ends with its input, so that stays open until every answer is there. */
async function ask(site: string, program: string, requests: object[]): Promise<Answer[]> {
  const child = spawn(reader(site), { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.write(agentPreamble(deflateSync(program)));
  for (const [id, request] of requests.entries())
    child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
  const answers: Answer[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (line === "") continue; // the agent begins its greeting on a line of its own
    answers.push(JSON.parse(line) as Answer);
    if (answers.length === requests.length + 1) child.stdin.end();
  }
  return answers;
}

it("answers what a plan asks, and refuses everything else that the agent can", async () => {
  const site = temporaryFolder();
  for (const name of [".djdeploy", "releases", "slots", "run"]) mkdirSync(join(site, name));
  const operations = [...hostFiles["djd_agent.py"].matchAll(/^def op_(\w+)\(/gm)].map(([, name]) =>
    name!.replaceAll("_", "-"),
  );
  expect(operations).toContain("step");
  const refused = operations.filter((name) => !["facts", "begin", "applied"].includes(name));
  const requests = [
    { op: "facts", args: {} },
    { op: "begin", args: { lock: false, base: true } },
    { op: "begin", args: { lock: true, run: "r", who: {} } },
    ...refused.map((op) => ({ op, args: {} })),
    { op: "__class__", args: {} },
  ];
  const proof = join(site, "ran");
  const [hello, facts, begun, ...rest] = await ask(site, `open(${JSON.stringify(proof)}, "w")`, requests);
  expect(hello).toMatchObject({ hello: 1 });
  expect([facts?.ok, begun?.ok]).toEqual([
    expect.objectContaining({ live: null }),
    expect.objectContaining({ live: null }),
  ]);
  expect(rest.map(({ refused }) => refused?.code)).toEqual(rest.map(() => "key.facts-only"));
  expect(rest).toHaveLength(requests.length - 2);
  expect(existsSync(proof)).toBe(false);
});

it.each(["id\n", "99999999999\n", "-1         \n", ""])("ends with a word where %j is sent", (input) => {
  const { status, stdout, stderr } = spawnSync(reader(temporaryFolder()), { input, encoding: "utf8" });
  expect([status, stdout, stderr]).toEqual([
    1,
    "",
    "djdeploy: this key may only read facts: it can plan, and nothing else\n",
  ]);
});
