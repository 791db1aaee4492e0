import { recordFault } from "../../../../bench/faults/record.ts";
import { told } from "../site.ts";
import type { Fault } from "./fault.ts";
import { type Fleet, type Name, names } from "./fleet.ts";
import { inflict, judge, nextDeploy } from "./inflict.ts";

export interface Case {
  fault: Fault;
  name: Name;
}

/**
 * Faults on hosts, each with its title: all of them on each host with DJDEPLOY_BENCH (npm run bench:faults), else those
 * that the suite has time for; with DJDEPLOY_FAULTS only those whose title it matches.
 */
export function casesOf(faults: Fault[]): [title: string, one: Case][] {
  const wanted = new RegExp(process.env["DJDEPLOY_FAULTS"] ?? "");
  return faults
    .flatMap((fault) => (fault.only ?? names).map((name) => ({ fault, name })))
    .filter(({ fault, name }) => process.env["DJDEPLOY_BENCH"] || fault.ci === name)
    .map((one): [string, Case] => [titleOf(one), one])
    .filter(([title]) => wanted.test(title));
}

const titleOf = ({ fault, name }: Case) => `${fault.phase}, ${fault.step}, ${name}: ${fault.how}`;

/** Lets it happen, and answers what was not as it has to be, with what the run said; null when all was well. */
export async function problemsOf(fleet: Fleet, { fault, name }: Case): Promise<string | null> {
  const seen = await inflict(fleet, fault, name);
  const wrong = judge(seen, fault, name);
  if (fault.leaves) wrong.push(...(await nextDeploy(fleet)));
  const { phase, step, how } = fault;
  const { done, load, lost } = seen;
  recordFault({
    ...{ phase, step, how, host: name, exit: done.code ?? -1, result: done.report.result },
    ...{ sent: load.sent, lost, taken: load.failed - lost, wrong },
  });
  if (wrong.length === 0) return null;
  return `${wrong.join("\n")}\n${told(done)}\n${JSON.stringify(done.report.hosts)}\n${JSON.stringify(seen.status)}`;
}
