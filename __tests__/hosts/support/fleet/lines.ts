import * as broken from "./broken.ts";
import { deployed, type Fault, reverted } from "./fault.ts";
import { type Fleet, names } from "./fleet.ts";
import { cutLines, cutsOf } from "./gate.ts";

/** What a run asks of every host, from the lock to its end. */
const asked = [
  ...[
    "begin",
    "look",
    "env",
    "launch",
    "upload",
    "inspect",
    "boot",
    "wait-boot",
    "processes",
    "probe",
    "sync",
  ],
  ...["switch", "serves", "retire", "clean", "audit", "unlock"],
];
const forward = [...asked, "finish", "drain", "alive"];
const backward = [...asked, "switch-back", "update"];

/** Lines that break for a moment: the run attaches again, and what was done already is not done twice. */
export const lines: Fault[] = ([0, 1] as const).flatMap((turn) => {
  const when = turn === 0 ? "before and after" : "after and before";
  const all = {
    only: ["web1"] as const,
    before: (fleet: Fleet) => Promise.all(names.map((name) => cutLines(fleet.host(name), turn))),
  };
  return [
    {
      ...(turn === 0 ? { ci: "web1" as const } : {}),
      ...{ phase: "each", step: "each", how: `the line breaks at each request, in turn ${when}` },
      ...all,
      mend: (fleet) => requireCuts(fleet, forward),
      ending: deployed,
    },
    {
      ...(turn === 1 ? { ci: "web1" as const } : {}),
      ...{ phase: "back", step: "each", how: `the line breaks at each request, in turn ${when}` },
      ...all,
      files: () => broken.behindNginx("web3"),
      mend: (fleet) => requireCuts(fleet, backward),
      ending: reverted,
    },
  ] satisfies Fault[];
});

/** A cut that did not happen shows nothing. */
async function requireCuts(fleet: Fleet, wanted: string[]): Promise<void> {
  for (const name of names) {
    const made = await cutsOf(fleet.host(name));
    const missing = wanted.filter((one) => !made.some((request) => request.startsWith(`${one}.`)));
    if (missing.length > 0) throw new Error(`${name}: the line was not cut at ${missing.join(", ")}`);
  }
}
