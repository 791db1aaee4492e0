import type { Door } from "../../services/door.ts";
import { linkTakeover } from "./link.ts";
import { noTakeover } from "./none.ts";
import { portTakeover } from "./port.ts";
import { restartTakeover } from "./restart.ts";
import type { Takeover } from "./types.ts";

export { stopOld } from "./stop-old.ts";
export type { Takeover } from "./types.ts";

const takeovers: Record<Door["kind"], Takeover> = {
  link: linkTakeover,
  port: portTakeover,
  restart: restartTakeover,
  none: noTakeover,
};

export function takeoverOf(door: Door): Takeover {
  return takeovers[door.kind];
}
