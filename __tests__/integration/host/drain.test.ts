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
