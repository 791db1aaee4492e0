import { isIP } from "node:net";
import type { Config } from "../config/types.ts";
import { doorOf } from "../services/door.ts";
import { endsTlsBefore, frontDoor } from "./request.ts";

/** Where a visitor would come in, as far as the configuration says. */
export interface PublicDoor {
  /** The host's own address, or its name of ssh_config's. */
  address: string;
  port: number;
  tls: boolean;
  /** The name that is asked for. */
  name: string;
  /** Where another machine may stand before this one: the name itself is tried too. */
  byName: boolean;
}

/**
 * The way from outside to a host that is reached at `address` over SSH; null where none can be known: a balancer stands before
 * it, a jump host leads there, it listens on loopback or is this machine, or nobody wants to know (front.public: never).
 */
export function publicDoor(config: Config, address: string): PublicDoor | null {
  const { front, proxyJump, url } = config;
  if (front.public === "never" || proxyJump !== null || endsTlsBefore(config)) return null;
  const door = doorOf(config.server);
  if (door.kind === "none" || ("port" in door && isLoopback(door.host))) return null;
  if (isLoopback(address)) return null;
  const own = frontDoor(config);
  const at = front.port === "auto" && url !== null && !("port" in door) ? new URL(url) : null;
  const tls = at === null ? own.tls : at.protocol === "https:";
  return {
    // An address of its own for the front door is where that listens.
    address: isIP(front.address) !== 0 && !isLoopback(front.address) ? front.address : address,
    port: at === null ? own.port : Number(at.port) || (tls ? 443 : 80),
    tls,
    name: at?.hostname ?? config.domains.find((name) => !name.startsWith("*.")) ?? address,
    byName: url !== null,
  };
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1" || address === "localhost";
}
