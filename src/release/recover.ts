import type { Config } from "../config/types.ts";
import type { HostSession } from "../host/session.ts";
import type { HostFacts } from "../host/types.ts";
import { servedRelease, straysOf } from "../plan/agreement.ts";
import { livingRelease } from "../plan/host.ts";
import { processesOn } from "../plan/processes.ts";
import { frontDoor, oldRequest } from "../plan/request.ts";
import { configOn } from "../plan/roles.ts";
import { doorOf } from "../services/door.ts";
import { type Place, places } from "../services/types.ts";
import type { Begun } from "./begin.ts";
import { mend } from "./mend.ts";
import { runIt } from "./processes.ts";
import type { Recorder, StepVoice } from "./recorder.ts";
import { retire } from "./retire.ts";
import { sweptText } from "./sweep.ts";
import type { RunContext } from "./types.ts";

/** What a dead run left behind, as acts that put it right. Pure. */
export function leftovers(facts: HostFacts): {
  stop: Place[];
  failed: string[];
  unproven: string | null;
} {
  const live = livingRelease(facts);
  const stop = places.filter((slot) => slot !== live?.slot && facts.slots[slot]?.pid);
  const failed = facts.releases
    .filter((release) => !release.live && ["building", "ready", "switched"].includes(release.state))
    .map((release) => release.id);
  const current = facts.releases.find((release) => release.live);
  return { stop, failed, unproven: current?.state === "switched" ? current.id : null };
}

/**
 * Finishes or reverts what a dead run left, before anything new begins: an unfinished release is marked failed and its
 * slot stopped; one that was switched to but never proven is proven now, or the one before it serves again.
 */
export async function recover(
  { config: whole, actor }: Pick<RunContext, "config" | "actor">,
  host: Begun,
  run: string,
  recorder: Recorder,
): Promise<HostFacts> {
  const { session, name } = host;
  const config = configOn(whole, name);
  const facts = await mend(host, recorder);
  const left = leftovers(facts);
  const clean = left.stop.length === 0 && left.failed.length === 0 && !left.unproven;
  if (clean && strays(facts).length === 0 && straysOf(facts).length === 0) return facts;
  return recorder.step("recover", name, async (voice) => {
    const settled = left.unproven === null ? null : await settle(config, host, left.unproven);
    if (settled === "kept") {
      const previous = facts.slots[otherSlot(facts)]?.release ?? null;
      await session.request("finish", { run, release: left.unproven, previous, by: actor });
      voice.note(`${left.unproven} was switched to by a run that died before it could prove it; it serves`);
    }
    if (settled === "reverted") {
      voice.note(
        `${left.unproven}, which a run that died had switched to, does not serve; the old one does again`,
        "warning",
      );
      left.stop = [livingRelease(facts)?.slot ?? "blue"];
      left.failed.push(left.unproven ?? "");
    }
    const visited = left.stop.length > 0 ? await answering(config, session, facts) : null;
    // A web server that leads there by mistake: visitors keep what they see, and the front door is an error next.
    const reached = (slot: Place) =>
      visited !== null && visited === facts.slots[slot]?.release && settled !== "reverted";
    const stop = left.stop.filter((slot) => !reached(slot));
    for (const slot of left.stop.filter(reached))
      voice.note(`slot ${slot} (${visited}) is what visitors get, and goes on`, "warning");
    for (const slot of stop) {
      const { ms } = await session.request("drain", {
        ...{ slot, min: 0, max: config.drain.maxMs / 1000 },
      });
      const release = facts.slots[slot]?.release ?? null;
      const patienceMs = config.drain.maxMs - ms;
      await retire(config, { host, step: "recover", slot, release, next: null, patienceMs }, recorder);
    }
    for (const release of left.failed) {
      const changes = { state: "failed", reason: "its run ended before it was done" };
      await session.request("update", { release, changes });
    }
    const read = () => session.request("begin", { lock: false, base: facts.base !== undefined });
    const now = await read();
    const swept = straysOf(now).length > 0;
    if (swept) await sweep(config, session, now, voice);
    const back = await bringBack(session, now, voice);
    voice.summary(
      left.failed.length > 0
        ? `unfinished releases of an earlier run marked as failed: ${left.failed.join(", ")}`
        : clean && back.length > 0
          ? `${back.join(", ")}: started with the live release`
          : stoppedText(facts, stop),
    );
    return back.length > 0 || swept ? await read() : now;
  });
}

/** What an earlier run or somebody left, by name. */
function stoppedText(facts: HostFacts, stop: readonly Place[]): string {
  const slots = stop.map((slot) => `slot ${slot} (${facts.slots[slot]?.release ?? "no release"})`);
  const others = straysOf(facts).map(({ pid, release }) => `process ${pid} of ${release}`);
  const what = [...slots, ...others].join(", ") || strays(facts).join(", ");
  return what === "" ? "nothing to stop" : `stopped what an earlier run or somebody left: ${what}`;
}

/** Ends what runs an older release and belongs to no service. */
async function sweep(
  config: Config,
  session: HostSession,
  facts: HostFacts,
  voice: StepVoice,
): Promise<void> {
  const served = servedRelease(facts);
  if (!served) return;
  const { release } = served;
  const limit = config.server.stopTimeoutMs / 1000;
  for (const sentence of sweptText(await session.request("sweep", { release, limit })))
    voice.note(sentence, "warning");
}

/** Processes that a dead run left stopped, or with a release that is not live. Pure. */
export function strays(facts: HostFacts): string[] {
  const live = livingRelease(facts)?.release;
  if (!live) return [];
  const all = Object.entries(facts.processes ?? {}).filter(([, seen]) => seen.release !== null);
  return all
    .filter(([, seen]) => !seen.up || seen.release !== live || seen.runs !== live)
    .map(([name]) => name);
}

/** Starts them with the live release, so that a failure of this run leaves a whole host. What does not start is said. */
async function bringBack(session: HostSession, facts: HostFacts, voice: StepVoice): Promise<string[]> {
  const names = strays(facts);
  const release = livingRelease(facts)?.release;
  if (names.length === 0 || !release) return [];
  const rows = await session.request("processes", {
    release,
    processes: names.map((name) => ({ name, uptime: 0 })),
    deadline: 10,
  });
  for (const row of rows)
    if (!row.ok)
      voice.note(`${row.name} does not run with the live release either: ${row.problem}`, "warning");
  return names;
}

/** Whether the release that an unfinished run switched to serves; if not and the one before still runs, that gets the traffic. */
async function settle(
  config: Config,
  { session, facts, name }: Begun,
  release: string,
): Promise<"kept" | "reverted" | "unclear"> {
  const web = doorOf(config.server).kind !== "none";
  if (web ? await answers(config, session, facts, release) : await runs(config, session, name, release))
    return "kept";
  const slot = otherSlot(facts);
  const before = facts.slots[slot];
  if ((web && !before?.up) || !before?.release) return "unclear";
  await session.request("switch-back", { slot, release: before.release });
  return "reverted";
}

/** Whether the processes that belong on a host without a web server run the release. */
async function runs(config: Config, session: HostSession, host: string, release: string): Promise<boolean> {
  const names = processesOn(config, host).map(({ name }) => name);
  const { rows } = await runIt(session, release, names);
  return rows.every(({ problem }) => problem === null);
}

async function answers(
  config: Config,
  session: HostSession,
  facts: HostFacts,
  release: string,
): Promise<boolean> {
  const living = livingRelease(facts);
  if (!living) return false;
  const manifest = facts.releases.find((one) => one.id === release);
  const { answer } = await session.request("serves", {
    where: frontDoor(config),
    release,
    slot: living.slot,
    request: oldRequest(config, manifest),
    deadline: 5,
    successes: 1,
  });
  return answer.ok;
}

/** The release that visitors get, as far as it says so. */
async function answering(config: Config, session: HostSession, facts: HostFacts): Promise<string | null> {
  const live = facts.releases.find((one) => one.live);
  const seen = await session.request("look", {
    where: frontDoor(config),
    release: livingRelease(facts)?.release ?? null,
    request: oldRequest(config, live),
  });
  return seen.release;
}

function otherSlot(facts: HostFacts): "blue" | "green" {
  return livingRelease(facts)?.slot === "blue" ? "green" : "blue";
}
