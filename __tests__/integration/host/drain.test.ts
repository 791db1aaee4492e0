import { expect, test } from "vitest";
import { askPython } from "../../support/host-python.ts";

// `waiting`: how many connections wait in the old socket's queue, each time that is looked at; the last one stays.
const program = `
import json, time
import djd_connections, djd_retire, djd_slots
from djd_paths import Paths

switched, least, most, *waiting = json.loads(sys.argv[1])
looks = []

def look(paths, slot):
    looks.append(slot)
    return waiting[min(len(looks), len(waiting)) - 1]

djd_connections.waiting = look
djd_slots.switched_at = None if switched is None else time.monotonic() - switched
print(json.dumps(dict(djd_retire.drain(Paths("/srv/shop"), "blue", least, most), looks=len(looks))))
`;

interface Drained {
  left: number;
  looks: number;
}

/** What the agent answers; `switched`: so many seconds ago, null = by another agent. Times in seconds. */
const drain = (switched: number | null, least: number, most: number, ...waiting: number[]) =>
  askPython<Drained>(program, JSON.stringify([switched, least, most, ...waiting]));

test("a queue that empties is waited for, however long ago the switch was", () => {
  for (const switched of [null, 0, 3600])
    expect(drain(switched, 0.1, 30, 2, 2, 1, 1, 1, 0), `${switched}`).toMatchObject({ left: 0 });
});

test("one that never empties is given up, and what is left is told", () => {
  expect(drain(3600, 0.1, 0.3, 2)).toMatchObject({ left: 2 });
});

test("what had its time behind the switch already is looked at once; who did not switch waits", () => {
  expect(drain(3600, 0.5, 30, 0).looks).toBe(1);
  expect(drain(0, 0.5, 30, 0).looks).toBeGreaterThan(1);
  expect(drain(null, 0.5, 30, 0).looks).toBeGreaterThan(1);
});

test("only those count who are at the socket that lies there, not at another one that was bound to its name", () => {
  const counted = askPython<unknown>(`
import json, os, socket, tempfile
import djd_connections
from djd_paths import Paths

site = tempfile.mkdtemp()
os.mkdir(site + "/run")
name, held = site + "/run/blue.sock", []

def listening(waiting, answered):
    one = socket.socket(socket.AF_UNIX)
    one.bind(name)
    one.listen(20)
    for _ in range(waiting + answered):
        held.append(socket.socket(socket.AF_UNIX))
        held[-1].connect(name)
    held.extend([one, *(one.accept()[0] for _ in range(answered))])

listening(3, 4)
os.rename(name, site + "/run/elsewhere")
listening(1, 2)
paths = Paths(site)
print(json.dumps([djd_connections.waiting(paths, "blue"), djd_connections.held(paths, "blue", [])]))
os.unlink(name)
os.unlink(site + "/run/elsewhere")
os.rmdir(site + "/run")
os.rmdir(site)
`);
  // Connections that nobody took yet are no end of a conversation.
  expect(counted).toEqual([1, 2]);
});
