import { holdText } from "../history.ts";
import type { HoldView } from "../types.ts";

/** One line a host. */
export function renderHold({ hosts }: HoldView): string {
  return hosts
    .map(
      ({ host, hold }) =>
        `${host}: ${hold ? `pushes are refused; it holds ${holdText(hold)}` : "pushes may deploy"}\n`,
    )
    .join("");
}
