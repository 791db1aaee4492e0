import { addressOf, type Door } from "./door.ts";
import type { Server } from "./servers/index.ts";
import type { Owner } from "./types.ts";

/** What a strategy promises, in words: shown by `plan` before anything happens, and held to by tests on real hosts. */
export interface Guarantee {
  /** How the new release takes over, in a few words. */
  strategy: string;
  /** Requests that a deploy or a rollback costs. */
  lost: string;
  /** How long visitors may wait for more than their own page. */
  stall: string;
  /** What visitors see of a release that does not start, or whose page is bad. */
  broken: string;
  /** What a reboot of the host starts, and what visitors see until then. */
  reboot: string;
}

const unseen = "visitors never see it; the old release serves on";

/** The one table of these words. */
export function guaranteeOf(
  door: Door,
  manager: Owner["manager"]["kind"],
  server: Pick<Server, "finishes">,
): Guarantee {
  switch (door.kind) {
    case "link":
      return {
        strategy: "blue-green behind nginx, the switch is one rename",
        lost: "none",
        stall: "none",
        broken: unseen,
        reboot: "the live release alone; nginx answers 502 until it is up",
      };
    case "port":
      return {
        strategy: `blue-green on ${addressOf(door)}, old and new share one socket for a moment`,
        lost: server.finishes
          ? "none"
          : "those in progress when the old release stops: this server does not finish them",
        stall: "none",
        broken: `${unseen}; one that is well on its private socket and answers badly on the port is seen until it is stopped`,
        reboot:
          manager === "systemd"
            ? "the live release alone; connections wait until it is up"
            : "the live release alone; connections are refused until supervisord is up, then wait",
      };
    case "restart":
      return {
        strategy: `restart on ${addressOf(door)}, the old release ends before the new one opens the port`,
        lost: `those that come before the new release has started: connections are refused${
          server.finishes ? "" : "; those in progress when the old one stops"
        }`,
        stall: "as long as the new release takes to start",
        broken:
          "one that does not start on its private socket is never seen; one that fails on the port is down until the old release has started again",
        reboot: "the live release alone; connections are refused until it is up",
      };
  }
}
