import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** One measured deploy. Times in milliseconds; bytes without the headers of TCP and IP. */
export interface DeployRow {
  contestant: string;
  /** What a round trip takes longer than on the bare line. */
  roundTripMs: number;
  round: number;
  ms: number;
  /** To the host, and back. */
  sent: number;
  received: number;
  connections: number;
  /** Ours only: what its own report says of the run. */
  steps?: { step: string; ms: number }[];
  reportedMs?: number;
}

/** Visitors during one deploy. */
export interface LoadRow {
  contestant: string;
  sent: number;
  lost: number;
  /** `12 5xx, 1 reset`. */
  kinds: string;
  slowestMs: number;
  /** The slowest with nothing else going on, just before. */
  restMs: number;
}

/** A run of ours with nothing to compare it with. */
export interface OwnRow {
  ms: number;
  sent: number;
  received: number;
}

export interface FleetRow {
  hosts: number;
  ms: number;
}

/** Hosts that only answer (see fleet/). */
export interface ManyRow extends FleetRow {
  /** The highest resident memory of the deploying process, in MB. */
  peakMb: number;
  /** Its processor time. */
  cpuMs: number;
}

export interface Circumstances {
  date: string;
  command: string;
  machine: string;
  /** One-minute load average before the first and after the last measurement. */
  load: [number, number];
  versions: Record<string, string>;
}

export interface Measured {
  circumstances?: Circumstances;
  project?: { files: number; bytes: number };
  /** Contestants that could not take part, with what they lack. */
  absent?: Record<string, string>;
  deploys?: DeployRow[];
  loads?: LoadRow[];
  rollbacks?: OwnRow[];
  large?: { bytes: number; rows: OwnRow[] };
  fleet?: FleetRow[];
  many?: { circumstances: Circumstances; rows: ManyRow[] };
}

const file = "bench/deploy/measured.json";

export function measured(): Measured {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Measured) : {};
}

/** Replaces the parts that are given, keeps the others. */
export function record(parts: Measured): void {
  writeFileSync(file, `${JSON.stringify({ ...measured(), ...parts }, null, 1)}\n`);
}
