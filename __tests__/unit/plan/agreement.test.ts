import { describe, expect, test } from "vitest";
import type { HostFacts } from "../../../src/host/types.ts";
import { disagreements, mending, servedRelease } from "../../../src/plan/agreement.ts";
import { venvTrouble } from "../../../src/plan/interpreter.ts";

const venvs = { k: { python: "3.11.2", interpreter: "/usr/bin/python3.11", runs: true } };
const slot = (release: string | null, runs = release) => ({
  release,
  runs,
  up: runs !== null,
  pid: 1,
  text: "",
});

/** "new" is live in blue and was proven last, "old" was live before. */
function facts(change: Partial<HostFacts> = {}): HostFacts {
  return {
    web: "blue.sock",
    live: { slot: "blue", release: "new" },
    slots: { blue: slot("new"), green: slot(null) },
    current: "new",
    lock: null,
    strays: [],
    pythons: [{ path: "/usr/bin/python3.11", version: "3.11.4", venv: true }],
    venvs,
    releases: [
      { id: "new", state: "live", venv: "k" },
      { id: "old", state: "superseded", revision: "abc" },
    ],
    ...change,
  } as HostFacts;
}

const said = (change: Partial<HostFacts>) => disagreements(facts(change)).map(({ message }) => message);

test("a host where all fits has nothing to say and nothing to mend", () => {
  expect(disagreements(facts())).toEqual([]);
  expect(mending(facts())).toEqual({});
});

describe("a slot whose link was moved", () => {
  const moved = { live: { slot: "blue" as const, release: "old" }, slots: { blue: slot("old", "new") } };

  test("serves what runs in it", () => {
    expect(servedRelease(facts(moved))).toEqual({ slot: "blue", release: "new" });
    expect(said(moved)).toEqual([
      expect.stringMatching(/^slots\/blue names old, but what runs there is new/),
    ]);
    expect(mending(facts(moved))).toEqual({ slots: { blue: "new" } });
  });

  test("and was restarted: the old one is what serves", () => {
    const restarted = { ...moved, slots: { blue: slot("old") } };
    expect(said(restarted)).toHaveLength(2);
    expect(mending(facts(restarted))).toEqual({ current: "old" });
  });
});

describe("run/web.sock that leads nowhere", () => {
  test("is given back to the proven release that runs", () => {
    const lost = { web: null, live: null };
    expect(said(lost)).toEqual([expect.stringContaining("is gone: slot blue runs new")]);
    expect(mending(facts(lost))).toEqual({ web: "blue" });
  });

  test("but not to one that was never proven, or where another slot is meant to run", () => {
    const other = { web: null, live: null, slots: { green: slot("old") } };
    expect(said(other)).toEqual([expect.stringContaining("slot green runs old")]);
    expect(mending(facts(other))).toEqual({});
    expect(mending(facts({ slots: { blue: slot("new", null), green: slot("old") } }))).toEqual({});
  });
});

test("what a run under way is doing is no disagreement", () => {
  const running = { slots: { blue: slot("new"), green: slot("old") }, strays: [{ pid: 7, release: "old" }] };
  expect(said(running)).toHaveLength(2);
  expect(said({ ...running, lock: { actor: "ada" } })).toEqual([]);
});

test("a Python that is gone or another minor version; a patch is none", () => {
  expect(venvTrouble(facts(), "k")).toBeNull();
  expect(venvTrouble(facts(), "other")).toContain("is gone");
  expect(venvTrouble(facts({ venvs: { k: { ...venvs.k, runs: false } } }), "k")).toContain(
    "Python 3.11.2 (/usr/bin/python3.11), which it was made with, is gone",
  );
  const python = { path: "/usr/bin/python3.11", version: "3.12.0", venv: true };
  expect(said({ pythons: [python] })).toEqual([expect.stringContaining("is Python 3.12.0 now")]);
});
