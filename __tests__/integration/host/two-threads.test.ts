import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { askPython, withHostFiles } from "../../support/host-python.ts";
import { temporaryFolder } from "../../support/repository.ts";

// The agent has a thread that reads what the runner sends, and one that acts; both write beside the lock.

const together = `
import json, os, threading
import djd_lock, djd_paths
folder = sys.argv[1]
errors = []
def often(act):
    try:
        for number in range(60):
            act(number)
    except Exception as error:
        errors.append(repr(error))
def run(*acts):
    threads = [threading.Thread(target=often, args=(act,)) for act in acts]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
file = os.path.join(folder, "file")
run(*[lambda number, who=who: djd_paths.write_file(file, b"%d %d" % (who, number)) for who in range(4)])
paths = djd_paths.Paths(folder)
djd_lock.take(paths, "run", {"actor": "ada"})
run(lambda number: djd_lock.note_step(paths, {"pid": number}), lambda number: djd_lock.note_leaving())
print(json.dumps(errors))
`;

test("two threads write the same file and the same record, and lose nothing", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, ".djdeploy"));
  expect(askPython(together, folder)).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual([".djdeploy", "file"]);
  const record = JSON.parse(readFileSync(join(folder, ".djdeploy/lock.json"), "utf8"));
  expect(record).toMatchObject({ leaving: true, step: { pid: 59 }, actor: "ada" });
});

const agent = (before: string) =>
  withHostFiles(`
import djd_channel, djd_lock
def fails(*_): raise OSError(28, "No space left on device")
${before}
djd_channel.serve({}, None)
`);

test.each([
  ["the end of input, where nothing can be noted", "djd_lock.note_leaving = fails", ""],
  ["a line that is no request", "", "{]\n"],
  ["a request without an operation", "", "{}\n"],
  ["a list", "", "[]\n"],
  ["a blob of no length", "", '{"op": "x", "blob": "many"}\n'],
  ["brackets without end", "", `${"[".repeat(200_000)}\n`],
  ["input that can not be read", "djd_channel.os.read = fails", "x\n"],
])("the agent ends on %s", (_, before, input) => {
  const ended = spawnSync("python3", ["-I", "-c", agent(before)], {
    input,
    timeout: 10_000,
    killSignal: "SIGKILL",
  });
  expect(ended).toMatchObject({ status: 0, signal: null });
});
