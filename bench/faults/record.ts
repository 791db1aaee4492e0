import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** What was seen when one thing went wrong on one of three real hosts behind a balancer. */
export interface FaultRow {
  phase: string;
  step: string;
  how: string;
  host: string;
  exit: number;
  result: string;
  /** Requests through the balancer while it happened. */
  sent: number;
  /** Of those, failed for no reason that the fault has; and failed by the fault itself, at the host that was hit. */
  lost: number;
  taken: number;
  /** What was not as it has to be; empty where all was well. */
  wrong: string[];
}

const file = "bench/faults/measured.json";

export function measuredFaults(): FaultRow[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as FaultRow[]) : [];
}

/** Keeps a row in the place of the one before; only `npm run bench:faults` asks for that. */
export function recordFault(row: FaultRow): void {
  if (process.env["DJDEPLOY_BENCH"] !== "write") return;
  const others = measuredFaults().filter((one) => keyOf(one) !== keyOf(row));
  const rows = [...others, row].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
  writeFileSync(file, `[\n${rows.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`);
}

const keyOf = ({ phase, step, how, host }: FaultRow) => `${phase} ${step} ${how} ${host}`;
