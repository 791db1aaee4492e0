import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Keeper } from "../../src/services/guarantee.ts";
import type { ServerKind } from "../../src/services/types.ts";

/** What was seen of one server on one real host: a deploy and a rollback under load, a broken release, a reboot. */
export interface Row {
  manager: Keeper;
  door: "nginx" | "port" | "restart";
  server: ServerKind;
  sent: number;
  lost: number;
  /** `12 refused, 1 reset`. */
  kinds: string;
  slowestMs: number;
  broken: string;
  reboot: string;
}

const file = "bench/strategies/measured.json";

export function measured(): Row[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Row[]) : [];
}

/** Keeps a row in the place of the one before; only `npm run bench:strategies` asks for that. */
export function record(row: Row): void {
  if (process.env["DJDEPLOY_BENCH"] !== "write") return;
  const others = measured().filter((one) => keyOf(one) !== keyOf(row));
  writeFileSync(file, `${JSON.stringify([...others, row].sort(byKey), null, 2)}\n`);
}

const keyOf = ({ door, manager, server }: Row) => `${door} ${manager} ${server}`;
const byKey = (a: Row, b: Row) => keyOf(a).localeCompare(keyOf(b));
