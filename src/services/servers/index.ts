import { addressOf, type Door } from "../door.ts";
import type { ServerKind } from "../types.ts";
import { daphne } from "./daphne.ts";
import { granian } from "./granian.ts";
import { gunicorn } from "./gunicorn.ts";
import { hypercorn } from "./hypercorn.ts";
import type { Command, Listen, Server, ServerOptions } from "./types.ts";

import { uvicorn } from "./uvicorn.ts";
import { uwsgi } from "./uwsgi.ts";
import { waitress } from "./waitress.ts";

export type { Command, Listen, Server, ServerOptions } from "./types.ts";

/** In the order in which they are chosen where the requirements hold several. */
export const servers: Record<ServerKind, Server> = {
  gunicorn,
  uvicorn,
  hypercorn,
  granian,
  daphne,
  uwsgi,
  waitress,
};

/** How the launcher starts a release, whatever it is told to listen on: what a server can not do is null. */
export function commands(kind: ServerKind, options: ServerOptions): Record<Listen, Command | null> {
  const server = servers[kind];
  return {
    socket: server.command("socket", options),
    descriptor: server.command("descriptor", options),
    address: server.command("address", options),
  };
}

/**
 * How many seconds a server that was started so finishes what it is answering when it is told to stop: the last word
 * counts, which may be one of `server.args`. null = it is not limited, or does not finish.
 */
export function stopLimit(kind: ServerKind, command: Command | null): number | null {
  const { finishes, patience } = servers[kind];
  if (!finishes || patience === null) return null;
  const words = (command ?? []).flatMap((word) => word.split("="));
  const value = Number(words[words.lastIndexOf(patience) + 1]);
  return words.includes(patience) && Number.isFinite(value) ? value : null;
}

/** What a slot listens on behind a door, as the launcher reads it. */
export function listenOn(door: Door): { on: Listen; address?: string; host?: string; port?: number } {
  if (!("port" in door)) return { on: "socket" };
  const { host, port } = door;
  return { on: door.kind === "port" ? "descriptor" : "address", address: addressOf(door), host, port };
}
