import { addressOf, type Door } from "./door.ts";
import type { Server } from "./servers/index.ts";

/** What keeps the processes running: the host's systemd, the user's own (`scope: user`), or supervisord. */
export type Keeper = "systemd" | "systemd --user" | "supervisord";

/** What a strategy promises, in words: shown by `plan` before anything happens, and held to by tests on real hosts. */
export interface Guarantee {
  /** How the new release takes over, in a few words. */
  strategy: string;
  /** Requests that a deploy or a rollback costs, as long as the live release works on the database as it becomes. */
  lost: string;
  /** Nothing is promised of `lost`, which says why; absent: it is. */
  open?: true;
  /** What becomes of a request that takes very long. */
  long: string;
  /** How long visitors may wait for more than their own page. */
  stall: string;
  /** What visitors see of a release that does not start, or whose page is bad. */
  broken: string;
  /** What a reboot of the host starts, and what visitors see until then. */
  reboot: string;
}

const unseen = "visitors never see it; the old release serves on";

/** Told to stop, a server finishes what it is answering; for one that does not, that is waited for before. */
function limitOf({ finishes }: Pick<Server, "finishes">): string {
  return finishes ? "cut after server.stop-timeout" : "cut after drain.max";
}

/** What becomes of a connection to a port after a reboot, until the release is up. */
function waiting(manager: Keeper): string {
  if (manager === "systemd") return "wait until it is up";
  const who = manager === "supervisord" ? "supervisord" : "the user's systemd";
  return `are refused until ${who} is up, then wait`;
}

/** `systemd --user` where that is meant. */
export function keeperOf(server: { manager: "systemd" | "supervisord"; scope: "system" | "user" }): Keeper {
  return server.scope === "user" ? "systemd --user" : server.manager;
}

/** The one table of these words. */
export function guaranteeOf(door: Door, manager: Keeper, server: Pick<Server, "finishes">): Guarantee {
  switch (door.kind) {
    case "none":
      return {
        strategy: "no web server: processes are stopped, started and proven",
        lost: "none are served",
        long: "none are served",
        stall: "none",
        broken: "its processes are stopped, and those of the old release started again",
        reboot: "the processes of the live release",
      };
    case "link":
      return {
        strategy: "blue-green behind nginx, the switch is one rename",
        lost: "none",
        long: limitOf(server),
        stall: "none",
        broken: unseen,
        reboot: "the live release alone; nginx answers 502 until it is up",
      };
    case "port":
      return {
        strategy: `blue-green on ${addressOf(door)}, old and new share one socket for a moment`,
        lost: "none",
        long: limitOf(server),
        stall: "none",
        broken: `${unseen}; one that is well on its private socket and answers badly on the port is seen until it is stopped`,
        reboot: `the live release alone; connections ${waiting(manager)}`,
      };
    case "restart":
      return {
        strategy: `restart on ${addressOf(door)}, the old release ends before the new one opens the port`,
        lost: `those that come before the new release has started: connections are refused${
          server.finishes ? "" : "; and those in progress when the old one stops, which this server cuts"
        }`,
        long: server.finishes ? limitOf(server) : "cut at once",
        stall: "as long as the new release takes to start",
        broken:
          "one that does not start on its private socket is never seen; one that fails on the port is down until the old release has started again",
        reboot: "the live release alone; connections are refused until it is up",
      };
  }
}
