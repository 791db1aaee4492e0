import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** What was seen of one cell of the table of attacks, on a booted host. */
export interface AttackCell {
  way: string;
  tries: string;
  victim: string;
  manager: string;
  /** What was refused, shortened; where something was got, that. */
  seen: string;
  /** Why it is open; null = blocked. */
  open: string | null;
}

export interface AttackTable {
  /** The commit that the table was tried at. */
  commit: string;
  cells: AttackCell[];
}

const file = "bench/attacks/measured.json";

/** null where the table was never tried. */
export function measuredAttacks(): AttackTable | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as AttackTable) : null;
}

/** Keeps what was seen in the place of what was seen before; only `npm run test:attacks` asks for that. */
export function recordAttacks(commit: string, cells: AttackCell[]): void {
  if (process.env["DJDEPLOY_BENCH"] !== "write") return;
  const all = new Map([...(measuredAttacks()?.cells ?? []), ...cells].map((one) => [keyOf(one), one]));
  const rows = [...all.values()].map((one) => `  ${JSON.stringify(one)}`);
  writeFileSync(file, `{"commit": "${commit}", "cells": [\n${rows.join(",\n")}\n]}\n`);
}

const keyOf = ({ way, victim, manager }: AttackCell) => `${manager} ${way} ${victim}`;
