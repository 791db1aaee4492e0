import { expect, test } from "vitest";
import { askPython } from "../../support/host-python.ts";

// What a process of another user, or one that traces, does to those that wait for what runs. Root plays both users.
const root = process.getuid?.() === 0;

test.runIf(root)("what root's sudo started has ended, though a tracer keeps it", () => {
  // A shell of root's in sudo's place, below it what runs as another user, and a tracer that is none of theirs.
  const program = `import ctypes, json, subprocess, time, djd_leftovers
def below(pid):
    return djd_leftovers.descendants(pid, b"")
one = "import os, sys; os.setuid(65534); print(1, flush=True); sys.stdin.read()"
pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
sudo = subprocess.Popen(["sh", "-c", "exec 3<&0; python3 -c '" + one + "' <&3 & wait; sleep 50"], **pipes)
sudo.stdout.read(1)
child = below(sudo.pid)[0]
ctypes.CDLL(None).ptrace(0x4206, child, 0, 0)
running = djd_leftovers.has_ended_below(sudo.pid)
sudo.stdin.close()
while not djd_leftovers.has_ended(child):
    time.sleep(0.01)
ended, lives = djd_leftovers.has_ended_below(sudo.pid), child in djd_leftovers.descendants(sudo.pid)
sudo.kill()
print(json.dumps([running, ended, lives, djd_leftovers.is_kept(child, True)]))`;
  expect(askPython(program)).toEqual([false, true, false, false]);
});

test.runIf(root)("a neighbour's process that joined the group of a process of ours is not waited for", () => {
  const program = `import json, subprocess, djd_process
joins = "import os, time; os.setuid(65534); print(1, flush=True); time.sleep(60)"
one = subprocess.Popen([sys.executable, "-c", joins], stdout=subprocess.PIPE)
one.stdout.read(1)
found = djd_process.members()
one.kill()
print(json.dumps(one.pid in found))`;
  expect(askPython(program)).toBe(false);
});
