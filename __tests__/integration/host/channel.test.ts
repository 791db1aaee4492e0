import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { withHostFiles } from "../../support/host-python.ts";

// The agent's own end of the channel, with operations that note that they were done.

const program = withHostFiles(`
import djd_channel
from djd_paths import Refused

done = []

def note(paths, args, request):
    done.append(args["name"])
    return {"length": len(request["data"])}

def refuse(paths, args, request):
    raise Refused("slot.live", "slot blue is live")

def no_room(paths, args, request):
    raise OSError(28, "No space left on device", "/srv/shop/releases")

def crash(paths, args, request):
    raise KeyError("a bug")

djd_channel.serve({
    "note": note, "refuse": refuse, "no-room": no_room, "crash": crash,
    "not-ok": lambda *_: {"ok": False, "problem": "it ended"},
    "ok": lambda *_: {"ok": True},
    "done": lambda *_: done,
}, None)
`);

interface Answer {
  id: number;
  ok?: unknown;
  refused?: { code: string };
  crash?: string;
  skipped?: boolean;
}

interface Request {
  op: string;
  args?: object;
  chain?: number;
  blob?: string;
}

/** Sends all requests at once and gives the answers in the order in which they came. */
async function answersTo(requests: Request[]): Promise<Answer[]> {
  const agent = spawn("python3", ["-I", "-c", program], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void agent.kill());
  const answers: Answer[] = [];
  const all = new Promise<void>((resolve) =>
    createInterface(agent.stdout).on("line", (line) => {
      if (line === "") return; // before its greeting
      const answer = JSON.parse(line) as Answer;
      if (answer.id) answers.push(answer);
      if (answers.length === requests.length) resolve();
    }),
  );
  for (const [index, { blob, ...request }] of requests.entries()) {
    const length = blob === undefined ? {} : { blob: Buffer.byteLength(blob) };
    agent.stdin.write(`${JSON.stringify({ id: index + 1, ...request, ...length })}\n${blob ?? ""}`);
  }
  await all;
  agent.stdin.end();
  await once(agent, "exit");
  return answers;
}

const note = (name: string, more: Partial<Request> = {}): Request => ({
  op: "note",
  args: { name },
  ...more,
});
const done: Request = { op: "done" };

test.each(["refuse", "no-room", "crash", "not-ok"])(
  "what comes behind %s in its chain is not begun",
  async (op) => {
    const answers = await answersTo([
      note("first", { chain: 1 }),
      { op, chain: 1 },
      note("behind", { chain: 1 }),
      note("far behind", { chain: 1 }),
      done,
    ]);
    expect(answers.slice(2)).toEqual([
      { id: 3, skipped: true },
      { id: 4, skipped: true },
      { id: 5, ok: ["first"] },
    ]);
  },
);

test("what belongs to no chain, or to another one, goes on", async () => {
  const answers = await answersTo([
    { op: "refuse", chain: 1 },
    note("alone"),
    note("another", { chain: 2 }),
    note("skipped", { chain: 1 }),
    { op: "refuse" },
    note("after a failure of no chain"),
    done,
  ]);
  expect(answers.at(-1)?.ok).toEqual(["alone", "another", "after a failure of no chain"]);
});

test("an answer that is well, or says nothing of that, breaks nothing", async () => {
  const answers = await answersTo([{ op: "ok", chain: 1 }, note("behind", { chain: 1 }), done]);
  expect(answers.at(-1)?.ok).toEqual(["behind"]);
});

test("the bytes of a skipped request are not taken for the next one", async () => {
  const answers = await answersTo([
    { op: "not-ok", chain: 1 },
    note("upload", { chain: 1, blob: '{"id": 9, "op": "note"}\n' }),
    note("whole", { blob: "four" }),
    done,
  ]);
  expect(answers.slice(1)).toEqual([
    { id: 2, skipped: true },
    { id: 3, ok: { length: 4 } },
    { id: 4, ok: ["whole"] },
  ]);
});

test("a refusal keeps its code, a full disk its number, a bug its trace", async () => {
  const [refused, full, crashed] = await answersTo([{ op: "refuse" }, { op: "no-room" }, { op: "crash" }]);
  expect(refused).toMatchObject({ refused: { code: "slot.live", message: "slot blue is live" } });
  expect(full).toMatchObject({
    refused: { code: "host.os", data: { errno: 28, file: "/srv/shop/releases" } },
  });
  expect(crashed?.crash).toContain("KeyError: 'a bug'");
});

test("its greeting is a line of its own, whatever a login shell left without an end", async () => {
  const shell = ["-c", 'printf "> "; exec python3 -I -c "$0"', program];
  const agent = spawn("sh", shell, { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void agent.kill());
  const lines = createInterface(agent.stdout)[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe("> ");
  expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ hello: 1 });
});

test("an agent that can not write any more that it leaves leaves all the same, and the lock is free", async () => {
  const site = mkdtempSync(join(tmpdir(), "djdeploy-leaves-"));
  onTestFinished(() => rmSync(site, { recursive: true }));
  mkdirSync(join(site, ".djdeploy"));
  const program = withHostFiles(`
import djd_agent
djd_agent.main(sys.argv[1])
`);
  const agent = spawn("python3", ["-I", "-c", program, site], { stdio: ["pipe", "pipe", "ignore"] });
  onTestFinished(() => void agent.kill("SIGKILL"));
  const who = { actor: "anna", verb: "deploy", revision: null, runUrl: null };
  agent.stdin.write(`${JSON.stringify({ id: 1, op: "take-lock", args: { run: "1", who } })}\n`);
  const lines = createInterface(agent.stdout);
  const answers: string[] = [];
  for await (const line of lines) if (line.includes('"id"') && answers.push(line)) break;
  expect(answers).toEqual(['{"ok": {}, "id": 1}']);
  // As where no room is left, or the folder is another user's by now.
  mkdirSync(join(site, ".djdeploy", `lock.json.${agent.pid}.tmp`));
  agent.stdin.end();
  const end = once(agent, "exit");
  expect(await Promise.race([end.then(() => "left"), delay(10_000, "stayed", { ref: false })])).toBe("left");
});
