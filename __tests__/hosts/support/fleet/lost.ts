import * as act from "./acts.ts";
import * as broken from "./broken.ts";
import { type Ending, type Fault, keptOld, partial } from "./fault.ts";
import { canary, type Name } from "./fleet.ts";
import type { GateRule } from "./gate.ts";

interface Moment extends Pick<Fault, "phase" | "step" | "files" | "only"> {
  at: GateRule;
  ending: Ending;
  /** Where, and how, in the suite. */
  ci?: readonly [Name, "gone" | "shut"];
}

/** It was not switched: it has the old release when it comes back, as the others have. */
const leftOut: Ending = { ...keptOld(), error: "host.connection-lost" };

/** Proven everywhere, and then one is not seen any more: the release is live, and the run is red. */
const lostBehindProof: Ending = { exit: 8, result: "partial", serves: "new", hit: "new" };

const before = (op: string, nth = 1): GateRule => ({ op, nth, when: "before" });
const after = (op: string): GateRule => ({ op, when: "after" });
const script = (step: string): GateRule => ({ op: "step", step, when: "before" });

const moments: Moment[] = [
  { ...{ phase: "prepare", step: "front" }, at: before("look"), ending: leftOut },
  { ...{ phase: "prepare", step: "upload" }, at: before("upload"), ending: leftOut },
  { ...{ phase: "prepare", step: "environment" }, at: before("env"), ending: leftOut },
  { ...{ phase: "prepare", step: "server" }, at: before("launch", 2), ending: leftOut },
  { ...{ phase: "prepare", step: "check" }, at: before("inspect"), ending: leftOut },
  { ...{ phase: "prepare", step: "collectstatic" }, at: script("check"), ending: leftOut },
  { ci: ["web2", "shut"], ...{ phase: "prepare", step: "boot" }, at: before("wait-boot"), ending: leftOut },
  {
    ci: ["web1", "gone"],
    ...{ phase: "migrate", step: "migrate" },
    only: [canary],
    at: script("migrate"),
    ending: leftOut,
  },
  { ...{ phase: "activate", step: "processes" }, at: before("processes"), ending: partial("old") },
  { ...{ phase: "activate", step: "probe" }, at: before("probe"), ending: partial("old") },
  { ...{ phase: "activate", step: "sync" }, at: before("sync"), ending: partial("old") },
  { ...{ phase: "activate", step: "switch" }, at: before("switch"), ending: partial("unknown") },
  {
    ci: ["web3", "gone"],
    ...{ phase: "activate", step: "switch, done" },
    at: after("switch"),
    ending: partial("unknown"),
  },
  { ...{ phase: "activate", step: "prove" }, at: before("serves"), ending: partial("new") },
  { ...{ phase: "finish", step: "drain" }, at: before("drain"), ending: lostBehindProof },
  {
    ci: ["web2", "shut"],
    ...{ phase: "finish", step: "look-again" },
    at: before("alive"),
    ending: lostBehindProof,
  },
  { ...{ phase: "finish", step: "stop-old" }, at: before("retire"), ending: lostBehindProof },
  { ...{ phase: "finish", step: "clean" }, at: before("clean"), ending: lostBehindProof },
  {
    ...{ phase: "back", step: "switch-back" },
    files: () => broken.behindNginx("web3"),
    at: before("switch-back"),
    ending: partial("unknown"),
  },
  {
    ...{ phase: "back", step: "prove-old" },
    files: () => broken.behindNginx("web3"),
    at: before("serves", 2),
    ending: partial("old"),
  },
];

const ways = {
  gone: { how: "the host is gone", ...act.crash, costs: true },
  shut: { how: "nobody is let in any more", ...act.lockOut },
} as const;

/** A host that is lost for longer than the run has patience; it comes back when the run is over. */
export const losses: Fault[] = moments.flatMap(({ ci, ...moment }) =>
  (["gone", "shut"] as const).map(
    (way): Fault => ({
      ...{ ...moment, ...ways[way], ends: true, leaves: true },
      ...(ci?.[1] === way ? { ci: ci[0] } : {}),
    }),
  ),
);
