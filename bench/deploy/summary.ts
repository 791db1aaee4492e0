import { aimTable } from "./aims.ts";
import type { Measured } from "./record.ts";
import { fleetTable, lineTable, loadTable, stepTable, wallTable } from "./tables.ts";

/** The tables of what was measured, for the terminal. */
export function summary(all: Measured): string {
  const parts = [
    all.deploys && `${wallTable(all)}\n\n${lineTable(all)}\n\n${stepTable(all)}`,
    all.loads && loadTable(all),
    all.fleet && fleetTable(all),
    aimTable(all),
  ];
  return `\n${parts.filter(Boolean).join("\n\n")}`;
}
