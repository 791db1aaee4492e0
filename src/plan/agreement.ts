import type { HostFacts, Manifest, Running } from "../host/types.ts";
import { type Slot, slots } from "../services/types.ts";
import { venvTrouble } from "./interpreter.ts";

/** Something on a host that does not fit: a sentence for a tired reader, and what puts it right. */
export interface Problem {
  message: string;
  /** ENV stands for the environment's name. */
  fix: string;
}

/** Links that hands changed, as they should be; only what is wrong. */
export interface Mending {
  web?: Slot;
  slots?: Partial<Record<Slot, string>>;
  current?: string;
}

/**
 * What visitors really get, as far as links and processes tell: what runs in the slot that run/web.sock names, whatever
 * the slot's link says meanwhile. Null where that names nothing. Pure.
 */
export function servedRelease(facts: HostFacts): { slot: Slot; release: string } | null {
  const slot = facts.live?.slot;
  const release = slot && (facts.slots[slot]?.runs ?? facts.live?.release);
  return slot && release ? { slot, release } : null;
}

/** What of links, processes and manifests disagrees. What a run under way is doing right now does not count. Pure. */
export function disagreements(facts: HostFacts): Problem[] {
  const served = servedRelease(facts);
  return [...changedByHand(facts), ...(served && !facts.lock ? besides(facts, served) : [])];
}

/** The part of it that no run leaves behind, however it ends: somebody was there. Pure. */
export function changedByHand(facts: HostFacts): Problem[] {
  const served = servedRelease(facts);
  const found = [wrongDoor(facts)];
  if (served) {
    const { release } = served;
    found.push(movedLink(facts, served), byHand(facts, release), noPython(facts, release));
    if (!facts.lock) found.push(otherCurrent(facts, release));
  }
  return found.filter((one) => one !== null);
}

/** Service processes of other releases that no slot and no process of the manager holds. Pure. */
export function straysOf(facts: HostFacts): Running[] {
  const served = servedRelease(facts)?.release;
  return served ? facts.strays.filter((row) => row.release !== served) : [];
}

const deployMends = "djdeploy deploy ENV puts it right";

/** Visitors come through run/web.sock: what it names does not run, and something else does; or a reboot can not read it. */
function wrongDoor(facts: HostFacts): Problem | null {
  const slot = runningElsewhere(facts);
  const link = facts.web === null ? "is gone" : facts.web === "" ? "is no link" : `names ${facts.web}`;
  if (slot) {
    const runs = facts.slots[slot]?.runs;
    const message = `run/web.sock, through which visitors come, ${link}: slot ${slot} runs ${runs}, and nobody reaches it`;
    return { message, fix: deployMends };
  }
  if (!facts.live || facts.web === socketOf(facts.live.slot)) return null;
  return {
    message: `run/web.sock ${link}, where ${socketOf(facts.live.slot)} has to stand: nothing would start after a reboot`,
    fix: deployMends,
  };
}

const socketOf = (slot: Slot) => `${slot}.sock`;

/** A slot that runs while the one that visitors are led to does not. */
function runningElsewhere({ live, slots: rows }: HostFacts): Slot | null {
  if (live && rows[live.slot]?.runs) return null;
  return slots.find((slot) => slot !== live?.slot && rows[slot]?.runs) ?? null;
}

function movedLink(facts: HostFacts, { slot, release }: { slot: Slot; release: string }): Problem | null {
  const named = facts.slots[slot]?.release ?? null;
  if (named === release) return null;
  return {
    message: `slots/${slot} names ${named ?? "nothing"}, but what runs there is ${release}: the link was changed behind its back, and a reload does not follow it`,
    fix: `${deployMends}; what is to run is started by a deploy or a rollback, never by a link and a HUP`,
  };
}

/** The last run proved another release than the one that serves. */
function byHand(facts: HostFacts, release: string): Problem | null {
  const own = facts.releases.find((one) => one.id === release);
  if (!own) return { message: `${release} runs, and its folder is gone`, fix: deployMends };
  if (own.state === "live" || own.state === "switched") return null;
  const last = lastProven(facts);
  const was = own.state === "superseded" ? "which was live before" : "which was never proven";
  return {
    message: `${release} runs, ${was}; ${last ? `the last run made ${last.id} live` : "no run made it live"}: somebody started the old code by hand`,
    fix: `djdeploy deploy ENV brings the newest; with --revision ${own.revision.slice(0, 12)} it keeps this one, proven`,
  };
}

function lastProven(facts: HostFacts): Manifest | undefined {
  return facts.releases
    .filter((one) => one.state === "live")
    .sort((a, b) => (b.liveAt ?? 0) - (a.liveAt ?? 0))[0];
}

function noPython(facts: HostFacts, release: string): Problem | null {
  const own = facts.releases.find((one) => one.id === release);
  const trouble = own?.venv ? venvTrouble(facts, own.venv) : null;
  if (trouble === null) return null;
  return {
    message: `${release} runs, and will not start again: ${trouble}`,
    fix: "djdeploy deploy ENV makes an environment anew, before the next reboot",
  };
}

function otherCurrent(facts: HostFacts, release: string): Problem | null {
  if (facts.current === release) return null;
  return {
    message: `current names ${facts.current ?? "nothing"}: bin/manage, and with it cron, runs other code than visitors get`,
    fix: `${deployMends}; where root changed /current itself, djdeploy setup ENV --user root does`,
  };
}

/** Everything else that runs a release: the other slot, and what no slot holds. */
function besides(facts: HostFacts, served: { slot: Slot; release: string }): Problem[] {
  const idle = slots
    .filter((slot) => slot !== served.slot && facts.slots[slot]?.runs)
    .map((slot) => `slot ${slot} runs ${facts.slots[slot]?.runs} beside it`);
  const left = byRelease(straysOf(facts)).map(
    ([who, plural]) => `${who} still ${plural ? "run" : "runs"}, outside of every service`,
  );
  return [...idle, ...left].map((message) => ({ message, fix: "djdeploy deploy ENV ends it" }));
}

/** `processes 116, 158 of 20261120T163748Z-ff1fbac`, and whether those are several; one for each release. */
export function byRelease(rows: Running[]): [who: string, plural: boolean][] {
  return [...new Set(rows.map((row) => row.release))].map((release) => {
    const pids = rows.filter((row) => row.release === release).map((row) => row.pid);
    return [
      `${pids.length === 1 ? "process" : "processes"} ${pids.join(", ")} of ${release}`,
      pids.length > 1,
    ];
  });
}

/**
 * The links as they should be, where hands changed them under a release that was proven and still runs: so that a
 * failure of the next run leaves that one in its place. Pure.
 */
export function mending(facts: HostFacts): Mending {
  const made: Mending = {};
  const running = (slot: Slot | null | undefined) =>
    facts.releases.find((one) => slot && one.id === facts.slots[slot]?.runs);
  const elsewhere = runningElsewhere(facts);
  const slot = running(elsewhere)?.state === "live" ? elsewhere : facts.live?.slot;
  if (slot && facts.web !== socketOf(slot)) made.web = slot;
  const runs = running(slot)?.id;
  if (slot && runs && facts.slots[slot]?.release !== runs) made.slots = { [slot]: runs };
  const live = runs ?? (slot === facts.live?.slot ? facts.live?.release : null);
  if (live && facts.current !== live) made.current = live;
  return made;
}
